// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBallotCounter} from "../src/interfaces/IBallotCounter.sol";
import {Polls} from "../src/nomic/Polls.sol";
import {Paper} from "./Signing.sol";
import {World} from "./World.sol";

contract PollsTest is World {
    uint256 internal poll;

    function setUp() public {
        layGround();
        makeNomic();
        nomic.enrol(list(1, VOTERS - 1));
        poll = openPoll();
    }

    function test_a_vote_weighs_the_nomic_at_the_opening() public {
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(2), stakeOf(1));
        polls.castBallots(poll, bytes.concat(pollBallot(1, 1, 2), pollBallot(2, 1, 3)));
        expectVotes(0, stakeOf(1), stakeOf(2));
    }

    function test_borrowed_nomic_that_came_in_the_second_of_the_opening_or_later_does_not_count_twice() public {
        uint48 opens = uint48(time() + 1 hours);
        poll = polls.open(TITLE, "", options(), opens, opens + 7 days);
        vm.warp(opens);
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(2), stakeOf(1));
        bytes memory both = bytes.concat(pollBallot(1, 1, 2), pollBallot(2, 1, 2));
        vm.expectRevert(Polls.PollNotOpen.selector);
        polls.castBallots(poll, both);
        vm.warp(opens + 1);
        vm.prank(accountOf(2));
        nomic.transfer(accountOf(4), stakeOf(1));
        polls.castBallots(poll, bytes.concat(both, pollBallot(4, 1, 2)));
        expectVotes(0, stakeOf(1) + stakeOf(2) + stakeOf(4), 0);
    }

    function test_minds_may_change_until_the_close() public {
        polls.castBallots(poll, pollBallot(1, 1, 2));
        polls.castBallots(poll, pollBallot(1, 2, 1));
        expectVotes(stakeOf(1), 0, 0);
        polls.castBallots(poll, pollBallot(1, 1, 2));
        expectVotes(stakeOf(1), 0, 0);
        polls.castBallots(poll, pollBallot(1, 15, 3));
        expectVotes(0, 0, stakeOf(1));
        (, uint48 closes) = polls.times(poll);
        vm.warp(closes + 1);
        bytes memory late = pollBallot(2, 1, 2);
        vm.expectRevert(Polls.PollNotOpen.selector);
        polls.castBallots(poll, late);
    }

    function test_a_seat_taken_late_counts_with_its_weight_at_the_opening() public {
        nomic.enrol(list(VOTERS, 1));
        polls.castBallots(poll, pollBallot(VOTERS - 1, 1, 2));
        expectVotes(0, stakeOf(VOTERS - 1), 0);
    }

    function test_an_auto_id_does_not_speak_from_two_seats() public {
        polls.castBallots(poll, pollBallot(1, 1, 2));
        rotate(2, 4 + 60);
        nomic.enrol(list(2, 1));
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(64), stakeOf(1));
        (uint32 seat, ) = nomic.seatOf(accountOf(64));
        Paper memory p = paper(poll, seat, 1, 2);
        vm.assertEq(polls.check(poll, record(pollsDomain(), p, keyOf(64))), hex"02", "from the new seat");
        vm.assertEq(polls.check(poll, pollBallot(1, 2, 1)), hex"05", "from the old seat");
        expectVotes(0, stakeOf(1), 0);
    }

    function test_fifteen_options_are_tallied_apart() public {
        string[] memory many = new string[](15);
        for (uint256 i; i < 15; ++i) many[i] = vm.toString(i + 1);
        uint48 opens = uint48(time() + 1 hours);
        poll = polls.open("Which?", "", many, opens, opens + 7 days);
        vm.warp(opens + 1);
        for (uint256 round = 1; round <= 2; ++round) {
            for (uint256 i; i < 15; ++i) {
                uint256 choice = ((i + round) % 15) + 1;
                Paper memory p = paper(poll, i + 1, round, 1);
                (p.title, p.choice, p.mark) = ("Which?", many[choice - 1], uint8((round << 4) | choice));
                polls.castBallots(poll, record(pollsDomain(), p, keyOf(i)));
            }
        }
        (uint256[] memory votes, uint256 participating, uint256 supply, uint256 leader) = polls.tally(poll);
        uint256 sum;
        for (uint256 i; i < 15; ++i) {
            vm.assertEq(votes[(i + 2) % 15], stakeOf(i), "votes");
            sum += stakeOf(i);
        }
        vm.assertEq(participating, sum, "participating");
        vm.assertEq(supply, nomic.totalSupply(), "supply");
        vm.assertEq(leader, ((14 + 2) % 15) + 1, "leader");
    }

    function test_the_words_of_a_poll_are_those_that_are_signed() public view {
        (bytes32 title, bytes32[] memory hashes) = polls.words(poll);
        vm.assertEq(title, keccak256(bytes(TITLE)), "title");
        vm.assertEq(hashes.length, 3, "options");
        vm.assertEq(hashes[2], keccak256("Abstain"), "last option");
    }

    function test_one_ballot_alone_counts_as_in_a_batch() public {
        Paper memory p = paper(poll, 2, 1, 2);
        bytes memory signed = signature(keyOf(1), digestOf(pollsDomain(), p));
        polls.castBallot(poll, 2, p.mark, 0, accountOf(1), signed);
        expectVotes(0, stakeOf(1), 0);
        address signer = accountOf(1);
        vm.expectRevert(abi.encodeWithSelector(IBallotCounter.BallotRefused.selector, 2));
        polls.castBallot(poll, 0, p.mark, 0, signer, signed);
    }

    function test_a_poll_with_bad_words_or_times_is_not_opened() public {
        uint48 opens = uint48(time() + 1 hours);
        string[] memory o = options();
        vm.expectRevert(Polls.BadTitle.selector);
        polls.open("", "", o, opens, opens + 7 days);
        vm.expectRevert(Polls.BadTimes.selector);
        polls.open(TITLE, "", o, uint48(time() - 1), opens);
        vm.expectRevert(Polls.BadTimes.selector);
        polls.open(TITLE, "", o, opens, opens + 1 hours - 1);
        vm.expectRevert(Polls.BadTimes.selector);
        polls.open(TITLE, "", o, opens, opens + 31 days);
        o[1] = o[0];
        vm.expectRevert(Polls.BadOptions.selector);
        polls.open(TITLE, "", o, opens, opens + 7 days);
        o = new string[](1);
        o[0] = "Yes";
        vm.expectRevert(Polls.BadOptions.selector);
        polls.open(TITLE, "", o, opens, opens + 7 days);
        bytes memory one = pollBallot(1, 1, 2);
        vm.expectRevert(Polls.UnknownPoll.selector);
        polls.castBallots(99, one);
    }

    function test_opening_a_poll_takes_votes_held_before_this_second() public {
        Polls strict = new Polls(address(nomic), stakeOf(5));
        uint48 opens = uint48(time() + 1 hours);
        string[] memory o = options();
        vm.expectRevert(Polls.TooFewVotes.selector);
        strict.open(TITLE, "", o, opens, opens + 7 days);
        vm.prank(accountOf(5));
        nomic.transfer(accountOf(4), stakeOf(5));
        vm.prank(accountOf(4));
        vm.expectRevert(Polls.TooFewVotes.selector);
        strict.open(TITLE, "", o, opens, opens + 7 days);
        vm.prank(accountOf(5));
        strict.open(TITLE, "", o, opens, opens + 7 days);
    }

    function pollBallot(uint256 voter, uint256 sequence, uint256 choice) internal view returns (bytes memory) {
        (uint32 seat, ) = nomic.seatOf(accountOf(voter));
        return record(pollsDomain(), paper(poll, seat, sequence, choice), keyOf(voter));
    }

    function options() internal pure returns (string[] memory o) {
        o = new string[](3);
        (o[0], o[1], o[2]) = ("Against", "For", "Abstain");
    }

    function expectVotes(uint256 against, uint256 inFavour, uint256 abstain) internal view {
        (uint256[] memory votes, , , ) = polls.tally(poll);
        vm.assertEq(votes[0], against, "against");
        vm.assertEq(votes[1], inFavour, "for");
        vm.assertEq(votes[2], abstain, "abstain");
    }
}
