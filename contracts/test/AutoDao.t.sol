// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorBallots} from "../src/dao/GovernorBallots.sol";
import {Paper} from "./Signing.sol";
import {Vm} from "./Vm.sol";
import {World} from "./World.sol";

/// Ballots beside the Governor's own ways to vote: both ways meet in one mark.
abstract contract BothWays is World {
    bytes32 private constant VOTE_TYPE =
        keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");

    uint256 internal proposal;

    function start(bool changeOfMind) internal {
        layGround();
        makeDao(changeOfMind);
        dao.enrol(list(1, VOTERS - 1));
        proposal = openProposal();
    }

    function test_who_has_no_seat_votes_by_the_governors_own_signed_vote_once() public {
        uint256 voter = VOTERS - 1;
        bytes memory signed = signedVote(voter, 1);
        dao.castVoteBySig(proposal, 1, accountOf(voter), signed);
        expectVotes(0, stakeOf(voter), 0);
        vm.assertTrue(dao.hasVoted(proposal, accountOf(voter)), "has voted");
        address account = accountOf(voter);
        vm.expectRevert();
        dao.castVoteBySig(proposal, 1, account, signed);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, account));
        dao.castVote(proposal, 0);
        // A seat taken afterwards brings no second vote.
        dao.enrol(list(VOTERS, 1));
        vm.assertEq(dao.check(proposal, ballot(proposal, voter, 1, 2)), hex"02", "by record");
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, account));
        dao.castVote(proposal, 0);
    }

    function test_who_takes_a_seat_late_still_votes_by_wallet_once() public {
        uint256 voter = VOTERS - 1;
        dao.enrol(list(VOTERS, 1));
        vm.assertEq(dao.check(proposal, ballot(proposal, voter, 1, 2)), hex"02", "by record");
        dao.castVoteBySig(proposal, 1, accountOf(voter), signedVote(voter, 1));
        expectVotes(0, stakeOf(voter), 0);
        address account = accountOf(voter);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, account));
        dao.castVote(proposal, 1);
    }

    function test_signed_votes_for_two_proposals_may_arrive_in_any_order() public {
        bytes memory first = signedVote(1, 1);
        uint256 one = proposal;
        vm.warp(time() + 1);
        proposal = propose("# Sell the boat");
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        dao.castVoteBySig(proposal, 1, accountOf(1), signedVote(1, 1));
        dao.castVoteBySig(one, 1, accountOf(1), first);
    }

    function test_a_vote_of_the_wallet_closes_the_seat() public {
        vm.prank(accountOf(1));
        dao.castVote(proposal, 1);
        for (uint256 sequence = 1; sequence < 16; ++sequence) {
            vm.assertEq(dao.check(proposal, ballot(proposal, 1, sequence, 1)), hex"01", "ballot afterwards");
        }
        address account = accountOf(1);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, account));
        dao.castVote(proposal, 1);
        expectVotes(0, stakeOf(1), 0);
    }

    function test_votes_that_move_in_the_second_of_the_snapshot_count_once() public {
        vm.warp(time() + 1);
        proposal = propose("# Sell the boat");
        uint256 snapshot = dao.proposalSnapshot(proposal);
        vm.warp(snapshot);
        vm.prank(accountOf(1));
        token.transfer(accountOf(2), 1e18);
        vm.warp(snapshot + 1);
        // Borrowed, used and given back within one second.
        vm.prank(accountOf(4));
        token.transfer(accountOf(2), 5e18);
        dao.castBallots(proposal, bytes.concat(titled(1, "Sell the boat"), titled(2, "Sell the boat")));
        vm.prank(accountOf(2));
        token.transfer(accountOf(4), 5e18);
        dao.castBallots(proposal, titled(4, "Sell the boat"));
        expectVotes(0, stakeOf(1) + stakeOf(2) + stakeOf(4), 0);
    }

    function test_a_late_quorum_extends_the_vote_once() public {
        uint256 deadline = dao.proposalDeadline(proposal);
        vm.warp(deadline - 10);
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 38, 1, 2), ballot(proposal, 37, 1, 2)));
        uint256 extended = dao.proposalDeadline(proposal);
        vm.assertEq(extended, time() + 1 hours, "extended");
        vm.warp(extended - 10);
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 36, 1, 2), ballot(proposal, 35, 1, 2)));
        vm.assertEq(dao.proposalDeadline(proposal), extended, "extended again");
        vm.warp(extended + 1);
        vm.assertEq(uint8(dao.state(proposal)), uint8(IGovernor.ProposalState.Succeeded), "state");
    }

    function test_an_early_quorum_extends_nothing() public {
        uint256 deadline = dao.proposalDeadline(proposal);
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 38, 1, 2), ballot(proposal, 37, 1, 2)));
        vm.assertEq(dao.proposalDeadline(proposal), deadline, "deadline");
    }

    function test_abstaining_makes_a_quorum_and_ties_fail() public {
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 38, 1, 3), ballot(proposal, 37, 1, 3)));
        vm.warp(dao.proposalDeadline(proposal) + 1);
        vm.assertEq(uint8(dao.state(proposal)), uint8(IGovernor.ProposalState.Defeated), "nobody for it");
    }

    function test_a_support_that_is_none_is_refused() public {
        vm.prank(accountOf(1));
        vm.expectRevert(IGovernor.GovernorInvalidVoteType.selector);
        dao.castVote(proposal, 3);
    }

    function signedVote(uint256 voter, uint8 support) internal view returns (bytes memory) {
        address account = accountOf(voter);
        uint256 nonce = dao.nonces(account, uint192(proposal));
        bytes32 structHash = keccak256(abi.encode(VOTE_TYPE, proposal, support, account, nonce));
        return signature(keyOf(voter), typed(daoDomain(), structHash));
    }

    function titled(uint256 voter, string memory title) internal view returns (bytes memory) {
        Paper memory p = paper(proposal, voter + 1, 1, 2);
        p.title = title;
        return record(daoDomain(), p, keyOf(voter));
    }

    function expectVotes(uint256 against, uint256 inFavour, uint256 abstain) internal view {
        (uint256 a, uint256 f, uint256 z) = dao.proposalVotes(proposal);
        vm.assertEq(a, against, "against");
        vm.assertEq(f, inFavour, "for");
        vm.assertEq(z, abstain, "abstain");
    }
}

contract FinalDaoTest is BothWays {
    function setUp() public {
        start(false);
    }

    function test_after_a_ballot_the_wallet_cannot_vote() public {
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        address account = accountOf(1);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, account));
        dao.castVote(proposal, 0);
    }
}

contract ChangeOfMindDaoTest is BothWays {
    function setUp() public {
        start(true);
    }

    function test_a_change_of_mind_takes_back_exactly_what_was_given_and_says_so() public {
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        vm.recordLogs();
        dao.castBallots(proposal, ballot(proposal, 1, 2, 1));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], GovernorBallots.VoteReduced.selector, "reduced first");
        vm.assertEq(logs[0].topics[1], bytes32(uint256(uint160(accountOf(1)))), "voter");
        vm.assertEq(logs[0].data, abi.encode(proposal, uint8(1), stakeOf(1)), "what was taken back");
        vm.assertEq(logs[1].topics[0], IGovernor.VoteCast.selector, "then cast");
        expectVotes(stakeOf(1), 0, 0);
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        expectVotes(stakeOf(1), 0, 0);
    }

    function test_the_wallet_has_the_last_word_over_a_ballot() public {
        dao.castBallots(proposal, ballot(proposal, 1, 3, 2));
        vm.recordLogs();
        vm.prank(accountOf(1));
        dao.castVote(proposal, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], GovernorBallots.VoteReduced.selector, "reduced first");
        expectVotes(stakeOf(1), 0, 0);
        vm.assertEq(dao.check(proposal, ballot(proposal, 1, 14, 2)), hex"01", "a ballot afterwards");
    }

    function test_a_quorum_that_was_reached_late_stays_extended_when_minds_change() public {
        vm.warp(dao.proposalDeadline(proposal) - 10);
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 38, 1, 2), ballot(proposal, 37, 1, 2)));
        uint256 extended = dao.proposalDeadline(proposal);
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 38, 2, 1), ballot(proposal, 37, 2, 1)));
        vm.assertEq(dao.proposalDeadline(proposal), extended, "deadline");
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 38, 3, 2), ballot(proposal, 37, 3, 2)));
        vm.assertEq(dao.proposalDeadline(proposal), extended, "deadline");
    }
}
