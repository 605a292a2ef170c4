// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TestWallet} from "./Wallets.sol";
import {World} from "./World.sol";

/// Votes that were given to others: once, one step far, and as they stood at the snapshot.
contract DelegationTest is World {
    uint256 private proposal;

    function setUp() public {
        layGround();
        makeDao(false);
        dao.enrol(list(1, VOTERS));
        vm.warp(time() + 1);
    }

    function test_a_chain_of_delegates_is_one_step_long() public {
        give(1, accountOf(2));
        give(2, accountOf(4));
        open();
        castAs(1, 1);
        castAs(2, 1);
        castAs(4, 0);
        // Voter 4 has its own and those of 2; 2 votes with those of 1; 1 has nothing left.
        expectVotes(stakeOf(4) + stakeOf(2), stakeOf(1), 0);
    }

    function test_a_circle_of_delegates_counts_everybody_once() public {
        give(1, accountOf(2));
        give(2, accountOf(4));
        give(4, accountOf(1));
        open();
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 1, 1, 2), ballot(proposal, 2, 1, 2), ballot(proposal, 4, 1, 2)));
        expectVotes(0, stakeOf(1) + stakeOf(2) + stakeOf(4), 0);
    }

    function test_who_delegates_after_the_snapshot_gives_nothing_for_this_vote() public {
        open();
        give(1, accountOf(2));
        castAs(2, 1);
        castAs(1, 0);
        expectVotes(stakeOf(1), stakeOf(2), 0);
    }

    function test_votes_given_to_nobody_are_nobodys_and_come_back() public {
        give(1, address(0));
        open();
        vm.assertEq(dao.check(proposal, ballot(proposal, 1, 1, 2)), hex"04", "nobody's");
        give(1, accountOf(1));
        vm.assertEq(dao.check(proposal, ballot(proposal, 1, 1, 2)), hex"04", "not for this one");
        vm.warp(time() + 1);
        proposal = propose("# Sell the boat");
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        castAs(1, 1);
        expectVotes(0, stakeOf(1), 0);
    }

    function test_a_contract_votes_with_what_it_was_given() public {
        TestWallet wallet = new TestWallet(address(this));
        give(1, address(wallet));
        open();
        wallet.execute(address(dao), abi.encodeCall(dao.castVote, (proposal, 1)));
        expectVotes(0, stakeOf(1), 0);
    }

    function test_given_twice_in_one_second_only_the_last_holds() public {
        give(1, accountOf(2));
        give(1, accountOf(4));
        open();
        castAs(2, 1);
        castAs(4, 0);
        expectVotes(stakeOf(4) + stakeOf(1), stakeOf(2), 0);
    }

    function give(uint256 voter, address to) private {
        vm.prank(accountOf(voter));
        token.delegate(to);
    }

    function open() private {
        proposal = openProposal();
    }

    function castAs(uint256 voter, uint8 support) private {
        vm.prank(accountOf(voter));
        dao.castVote(proposal, support);
    }

    function expectVotes(uint256 against, uint256 inFavour, uint256 abstain) private view {
        (uint256 a, uint256 f, uint256 z) = dao.proposalVotes(proposal);
        vm.assertEq(a, against, "against");
        vm.assertEq(f, inFavour, "for");
        vm.assertEq(z, abstain, "abstain");
    }
}
