// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FinalBallotsTest} from "./Counting.t.sol";
import {Test} from "./Vm.sol";

/// Everything voters, relayers and wallets may do with one proposal, in any order; remembers what each voter's vote is.
contract Voting is FinalBallotsTest {
    mapping(address voter => bool) internal closed;

    constructor(bool changeOfMind) {
        start(changeOfMind);
    }

    function setUp() public override {}

    function relay(uint256 x, uint256 y) external {
        Item memory one = itemOf(x);
        Item memory two = itemOf(y);
        bytes memory ballots = bytes.concat(write(one), write(two));
        applyUnlessClosed(one);
        applyUnlessClosed(two);
        counter.castBallots(proposal, ballots);
    }

    function relayOne(uint256 x) external {
        Item memory item = itemOf(x);
        uint256 seat = item.paper.seat;
        address signer = seat == 0 ? address(1) : accountOf(seat - 1);
        bytes memory signed = signature(
            item.fault == Fault.None && seat != 0 ? keyOf(seat - 1) : keyOf(901),
            digestOf(domain, item.paper)
        );
        item.fault = item.fault == Fault.None ? Fault.None : Fault.OtherKey;
        uint8 why = applyUnlessClosed(item);
        try dao.castBallot(proposal, item.paper.seat, item.paper.mark, item.paper.reason, signer, signed) {
            vm.assertEq(why, 0, "counted alone");
        } catch {
            vm.assertTrue(why != 0, "refused alone");
        }
    }

    function voteByWallet(uint256 voter, uint256 support) external {
        voter = bound(voter, 0, VOTERS - 1);
        support = bound(support, 0, 2);
        address account = accountOf(voter);
        uint8 old = markOf[voter + 1];
        bool mayVote = !closed[account] && (old == 0 || !isFinal);
        vm.prank(account);
        try dao.castVote(proposal, uint8(support)) {
            vm.assertTrue(mayVote, "voted again by wallet");
            if (old != 0) tally[old & 15] -= stakeOf(voter);
            tally[support + 1] += stakeOf(voter);
            markOf[voter + 1] = uint8(0xf0 | (support + 1));
            closed[account] = true;
        } catch {
            vm.assertFalse(mayVote, "could not vote by wallet");
        }
    }

    function moveTokens(uint256 from, uint256 to, uint256 amount) external {
        (from, to) = (bound(from, 0, VOTERS - 1), bound(to, 0, VOTERS - 1));
        amount = bound(amount, 0, token.balanceOf(accountOf(from)));
        vm.prank(accountOf(from));
        token.transfer(accountOf(to), amount);
    }

    function check() external view {
        compare();
        uint256 sum;
        uint256 supply = token.getPastTotalSupply(dao.proposalSnapshot(proposal));
        uint256[4] memory real = votes();
        for (uint256 seat = 1; seat <= VOTERS; ++seat) {
            uint256 mark = dao.markOf(proposal, seat);
            if (mark != 0) sum += stakeOf(seat - 1);
            vm.assertTrue(dao.hasVoted(proposal, accountOf(seat - 1)) == (mark != 0), "has voted");
        }
        vm.assertEq(real[1] + real[2] + real[3], sum, "tally is the votes of those who voted, once each");
        vm.assertLe(sum, supply, "never more than there is");
    }

    function applyUnlessClosed(Item memory item) private returns (uint8 why) {
        why = markOf[item.paper.seat] >= 0xf0 ? 1 : apply_(item);
    }
}

abstract contract VotingInvariant is Test {
    Voting internal voting;

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(voting);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](4);
        selectors[0] = Voting.relay.selector;
        selectors[1] = Voting.relayOne.selector;
        selectors[2] = Voting.voteByWallet.selector;
        selectors[3] = Voting.moveTokens.selector;
        list[0] = FuzzSelector(address(voting), selectors);
    }

    function invariant_the_tally_is_everyones_last_vote_once_and_never_more_than_the_supply() public view {
        voting.check();
    }
}

contract FinalVotingInvariant is VotingInvariant {
    function setUp() public {
        voting = new Voting(false);
    }
}

contract ChangingVotingInvariant is VotingInvariant {
    function setUp() public {
        voting = new Voting(true);
    }
}
