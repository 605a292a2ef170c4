// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../src/interfaces/IPolls.sol";
import {Polls} from "../src/nomic/Polls.sol";
import {PollsWorld} from "./PollsWorld.sol";
import {Vm} from "./Vm.sol";

/// What a poll may be, and which polls are on one paper.
contract PollOpeningTest is PollsWorld {
    uint48 private opens;

    function setUp() public {
        layPolls();
        opens = uint48(time() + 1 hours);
        ask(IPolls.Kind.Single, 3);
    }

    function test_polls_with_the_same_times_are_on_one_paper() public {
        (uint256 first, uint256 poll) = polls.open(pollParams(), opens, opens + 7 days, false);
        vm.prank(accountOf(1));
        (uint256 same, uint256 second) = polls.open(pollParams(), opens, opens + 7 days, false);
        vm.assertEq(same, first, "the same paper");
        vm.assertEq(second, poll + 1, "another poll");
        (uint256 atClose, ) = polls.open(pollParams(), opens, opens + 7 days, true);
        (uint256 longer, ) = polls.open(pollParams(), opens, opens + 8 days, false);
        vm.assertEq(atClose, first + 1, "weighed at another time");
        vm.assertEq(longer, first + 2, "closing at another time");
        IPolls.PaperRecord memory r = polls.paperRecord(first);
        vm.assertEq(abi.encode(r.polls), abi.encode(pair(poll, poll + 1)), "polls in order");
    }

    function test_a_full_paper_is_followed_by_another() public {
        (uint256 first, ) = polls.open(pollParams(), opens, opens + 7 days, false);
        for (uint256 i; i < 23; ++i) polls.open(pollParams(), opens, opens + 7 days, false);
        vm.assertEq(polls.papers(), first, "24 polls");
        (uint256 next, ) = polls.open(pollParams(), opens, opens + 7 days, false);
        vm.assertEq(next, first + 1, "the 25th");
        delete asks;
        for (uint256 i; i < 8; ++i) ask(IPolls.Kind.Ranked, 8);
        IPolls.PollParams[] memory many = pollParams();
        vm.expectRevert(IPolls.PaperFull.selector);
        polls.open(many, opens, opens + 7 days, false);
        asks.pop();
        ask(IPolls.Kind.Approval, 20);
        (uint256 wide, ) = polls.open(pollParams(), opens, opens + 7 days, false);
        vm.assertEq(wide, next + 1, "no room beside the 25th");
        vm.assertEq(polls.paperRecord(wide).seatBits, 256, "bits");
    }

    function test_a_poll_is_withdrawn_by_its_author_before_the_opening() public {
        ask(IPolls.Kind.Approval, 24);
        ask(IPolls.Kind.Single, 2);
        (paperId, firstPoll) = polls.open(pollParams(), opens, opens + 7 days, false);
        vm.assertEq(polls.paperRecord(paperId).seatBits, 64, "bits with it");
        vm.prank(accountOf(1));
        vm.expectRevert(IPolls.NotAuthor.selector);
        polls.withdraw(firstPoll + 1);
        polls.withdraw(firstPoll + 1);
        vm.expectRevert(IPolls.PaperOpen.selector);
        polls.withdraw(firstPoll + 1);
        IPolls.PaperRecord memory r = polls.paperRecord(paperId);
        vm.assertEq(abi.encode(r.polls), abi.encode(pair(firstPoll, firstPoll + 2)), "the others");
        vm.assertEq(r.seatBits, 32, "bits without it");
        vm.assertTrue(polls.pollRecord(firstPoll + 1).isWithdrawn, "withdrawn");
        vm.warp(opens + 1);
        vm.expectRevert(IPolls.PaperOpen.selector);
        polls.withdraw(firstPoll);
        // Nobody signs what was withdrawn.
        asks[1] = asks[2];
        asks.pop();
        cast(1, 1, two(only(3), only(2)));
        expectVotes(firstPoll + 2, pair(0, stakeOf(1)), 0);
    }

    function test_a_paper_whose_polls_are_all_withdrawn_takes_no_answers() public {
        (paperId, firstPoll) = polls.open(pollParams(), opens, opens + 7 days, false);
        polls.withdraw(firstPoll);
        vm.warp(opens + 1);
        bytes memory paper = signed(1, 1, one(only(1)));
        vm.expectRevert(IPolls.NoPolls.selector);
        polls.castPapers(paperId, paper);
    }

    function test_what_a_poll_says_is_kept_by_hash_and_told_in_full() public {
        IPolls.PollParams[] memory list = pollParams();
        list[0].body = unicode"# Boat\r\n\r\nÜber alles \u2026";
        (list[0].multihash, list[0].minimum, list[0].fallback_) = ("QmBoat", 7, 3);
        list[0].majority = IPolls.Majority.Active;
        vm.recordLogs();
        (paperId, firstPoll) = polls.open(list, opens, opens + 7 days, true);
        Vm.Log memory told = vm.getRecordedLogs()[0];
        vm.assertEq(told.topics[0], IPolls.PollOpened.selector, "event");
        vm.assertEq(told.data, abi.encode(opens, opens + 7 days, true, list[0]), "in full");
        IPolls.PollRecord memory r = polls.pollRecord(firstPoll);
        vm.assertEq(r.content, keccak256(bytes(list[0].body)), "content");
        vm.assertEq(r.title, keccak256(bytes(list[0].title)), "title");
        vm.assertEq(r.options[2], keccak256(bytes(list[0].options[2])), "last option");
        vm.assertEq(r.options.length, 3, "options");
        vm.assertEq(r.minimum, 7, "minimum");
        vm.assertEq(r.fallback_, 3, "fallback");
        vm.assertEq(uint256(r.majority), uint256(IPolls.Majority.Active), "majority");
        vm.assertEq(r.author, address(this), "author");
    }

    function test_a_poll_with_bad_words_rules_or_times_is_not_opened() public {
        IPolls.PollParams[] memory list = pollParams();
        refused(list, opens - 2 hours, opens, IPolls.BadTimes.selector);
        refused(list, opens, opens + 1 hours - 1, IPolls.BadTimes.selector);
        refused(list, opens, opens + 31 days, IPolls.BadTimes.selector);
        refused(new IPolls.PollParams[](0), opens, opens + 7 days, IPolls.NoPolls.selector);
        list[0].title = "";
        refused(list, opens, opens + 7 days, IPolls.BadTitle.selector);
        list = pollParams();
        list[0].body = string(new bytes(20_001));
        refused(list, opens, opens + 7 days, IPolls.BadBody.selector);
        list = pollParams();
        list[0].options[1] = list[0].options[0];
        refused(list, opens, opens + 7 days, IPolls.BadOptions.selector);
        list[0].options[1] = "Abstain";
        refused(list, opens, opens + 7 days, IPolls.BadOptions.selector);
        list[0].options = new string[](1);
        list[0].options[0] = "Yes";
        refused(list, opens, opens + 7 days, IPolls.BadOptions.selector);
        list = pollParams();
        list[0].fallback_ = 4;
        refused(list, opens, opens + 7 days, IPolls.BadRules.selector);
        (list[0].fallback_, list[0].kind) = (0, IPolls.Kind.Ranked);
        refused(list, opens, opens + 7 days, IPolls.BadRules.selector);
        tooMany(IPolls.Kind.Single, 16);
        tooMany(IPolls.Kind.Approval, 25);
        tooMany(IPolls.Kind.Ranked, 9);
    }

    function test_nothing_is_known_of_polls_and_papers_that_there_are_not() public {
        vm.expectRevert(IPolls.UnknownPaper.selector);
        polls.castPapers(99, "");
        vm.expectRevert(IPolls.UnknownPaper.selector);
        polls.weigh(99, 1);
        vm.expectRevert(IPolls.UnknownPoll.selector);
        polls.tally(99);
        vm.expectRevert(IPolls.UnknownPoll.selector);
        polls.withdraw(99);
    }

    function test_opening_a_poll_takes_votes_held_before_this_second() public {
        polls = new Polls(address(nomic), stakeOf(5));
        vm.warp(time() + 1);
        refused(pollParams(), opens, opens + 7 days, IPolls.TooFewVotes.selector);
        vm.prank(accountOf(5));
        nomic.transfer(accountOf(4), stakeOf(5));
        IPolls.PollParams[] memory list = pollParams();
        vm.prank(accountOf(4));
        vm.expectRevert(IPolls.TooFewVotes.selector);
        polls.open(list, opens, opens + 7 days, false);
        vm.prank(accountOf(5));
        polls.open(list, opens, opens + 7 days, false);
    }

    function tooMany(IPolls.Kind kind, uint256 options) private {
        delete asks;
        ask(kind, options);
        refused(pollParams(), opens, opens + 7 days, IPolls.BadOptions.selector);
        asks[0].options.pop();
        polls.open(pollParams(), opens, opens + 7 days, false);
    }

    function refused(IPolls.PollParams[] memory list, uint48 from, uint48 to, bytes4 why) private {
        vm.expectRevert(why);
        polls.open(list, from, to, false);
    }
}
