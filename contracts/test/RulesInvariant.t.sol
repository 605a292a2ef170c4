// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Rules} from "../src/dao/Rules.sol";
import {Ruled} from "./Ruled.sol";
import {Test} from "./Vm.sol";

/// Everything that may happen while a proposal is open under some rules, and what each voter's vote is by the plain model.
contract RuledVoting is Ruled {
    Rules internal rules;
    mapping(uint256 voter => uint8) internal markOf;
    mapping(uint256 voter => bool) internal closed;

    constructor(uint256 seed) {
        layRuledGround();
        rules = someRules(seed);
        for (uint256 i; i < ALL; ++i) {
            if (i % 2 == 0 && i != NOBODY) attest(i, uint8(100 - i));
        }
        openUnder(rules);
    }

    function relay(uint256 voter, uint256 choice, uint256 sequence) external {
        voter = bound(voter, 0, ALL - 1);
        if (voter == NOBODY) return;
        (choice, sequence) = (bound(choice, 1, 3), bound(sequence, 1, 14));
        bytes memory one = ballot(proposal, voter, sequence, choice);
        bool counts = mayVote(rules, voter) && modelWeight(rules, voter) != 0;
        if (closed[voter] || (markOf[voter] != 0 && sequence <= markOf[voter] >> 4)) counts = false;
        vm.assertTrue((dao.check(proposal, one)[0] == 0) == counts, "check");
        dao.castBallots(proposal, one);
        if (counts) markOf[voter] = uint8((sequence << 4) | choice);
    }

    function voteByWallet(uint256 voter, uint256 support) external {
        (voter, support) = (bound(voter, 0, ALL - 1), bound(support, 0, 2));
        bool counts = mayVote(rules, voter) && !closed[voter];
        vm.prank(accountOf(voter));
        try dao.castVote(proposal, uint8(support)) {
            vm.assertTrue(counts, "voted by wallet");
            (markOf[voter], closed[voter]) = (uint8(0xf0 | (support + 1)), true);
        } catch {
            vm.assertFalse(counts, "could not vote by wallet");
        }
    }

    function score_(uint256 voter, uint256 value) external {
        voter = bound(voter, 0, ALL - 1);
        if (voter == NOBODY || ended[voter] || ended[ATTESTOR] || (isAgent(voter) && ended[0])) return;
        attest(voter, uint8(bound(value, 0, 100)));
    }

    function end_(uint256 voter) external {
        voter = bound(voter, 0, ALL - 1);
        if (voter % 5 == 0 && voter != ATTESTOR && !ended[voter]) end(voter);
    }

    /// Without effect on the proposal that is open.
    function changeRules(uint256 seed) external {
        if (!dao.ruled() || ended[ATTESTOR]) return;
        vm.prank(address(timelock));
        charter.setRules(address(dao), someRules(seed));
    }

    function moveTokens(uint256 from, uint256 to, uint256 amount) external {
        (from, to) = (bound(from, 0, ALL - 1), bound(to, 0, ALL - 1));
        amount = bound(amount, 0, token.balanceOf(accountOf(from)));
        vm.prank(accountOf(from));
        token.transfer(accountOf(to), amount);
    }

    function check() external view {
        uint256[4] memory tally;
        for (uint256 i; i < ALL; ++i) {
            if (markOf[i] != 0) tally[markOf[i] & 15] += modelWeight(rules, i);
            vm.assertTrue(dao.hasVoted(proposal, accountOf(i)) == (markOf[i] != 0), "has voted");
        }
        (uint256 against, uint256 inFavour, uint256 abstain) = sum();
        vm.assertEq(against, tally[1], "against");
        vm.assertEq(inFavour, tally[2], "for");
        vm.assertEq(abstain, tally[3], "abstain");
    }
}

abstract contract RulesInvariant is Test {
    RuledVoting internal voting;

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(voting);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = RuledVoting.relay.selector;
        selectors[1] = RuledVoting.voteByWallet.selector;
        selectors[2] = RuledVoting.score_.selector;
        selectors[3] = RuledVoting.end_.selector;
        selectors[4] = RuledVoting.changeRules.selector;
        selectors[5] = RuledVoting.moveTokens.selector;
        list[0] = FuzzSelector(address(voting), selectors);
    }

    function invariant_the_tally_is_everyones_last_vote_once_at_the_weight_of_the_snapshots_rules() public view {
        voting.check();
    }
}

/// Square roots, agents capped, scores.
contract RootInvariant is RulesInvariant {
    function setUp() public {
        voting = new RuledVoting(1 | (3 << 80) | (49 << 88) | (1 << 120) | (39 << 128));
    }
}

/// A share of the supply as cap, agents advise.
contract CapInvariant is RulesInvariant {
    function setUp() public {
        voting = new RuledVoting(3 | (249 << 8) | (2 << 80));
    }
}

/// Tokens as they are, agents forbidden, scores.
contract ForbiddenInvariant is RulesInvariant {
    function setUp() public {
        voting = new RuledVoting((1 << 80) | (1 << 120) | (69 << 128));
    }
}
