// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../src/interfaces/IAutoIds.sol";
import {IPaperCounter} from "../src/interfaces/IPaperCounter.sol";
import {IPolls} from "../src/interfaces/IPolls.sol";
import {PaperCounter} from "../src/polls/PaperCounter.sol";
import {PollsWorld} from "./PollsWorld.sol";
import {TestWallet} from "./Wallets.sol";

/// Who may answer, when, and with what weight.
contract PollsTest is PollsWorld {
    function setUp() public {
        layPolls();
        ask(IPolls.Kind.Single, 3);
    }

    function test_a_vote_weighs_the_nomic_at_the_opening() public {
        openAsked();
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(2), stakeOf(1));
        cast(1, 1, one(only(2)));
        cast(2, 1, one(only(3)));
        expectVotes(firstPoll, three(0, stakeOf(1), stakeOf(2)), 0);
    }

    function test_borrowed_nomic_that_came_in_the_second_of_the_opening_or_later_does_not_count_twice() public {
        uint48 opens = uint48(time() + 1 hours);
        (paperId, firstPoll) = polls.open(pollParams(), opens, opens + 7 days, false);
        vm.warp(opens);
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(2), stakeOf(1));
        bytes memory both = bytes.concat(signed(1, 1, one(only(2))), signed(2, 1, one(only(2))));
        vm.expectRevert(IPolls.PaperNotOpen.selector);
        polls.castPapers(paperId, both);
        vm.warp(opens + 1);
        vm.prank(accountOf(2));
        nomic.transfer(accountOf(4), stakeOf(1));
        polls.castPapers(paperId, bytes.concat(both, signed(4, 1, one(only(2)))));
        expectVotes(firstPoll, three(0, stakeOf(1) + stakeOf(2) + stakeOf(4), 0), 0);
    }

    function test_minds_may_change_until_the_close_and_a_paper_replaces_the_one_before_it_whole() public {
        ask(IPolls.Kind.Approval, 3);
        openAsked();
        uint256 w = stakeOf(1);
        cast(1, 1, two(only(2), pair(1, 3)));
        expectVotes(firstPoll, three(0, w, 0), 0);
        expectVotes(firstPoll + 1, three(w, 0, w), 0);
        cast(1, 2, two(only(0), none()));
        expectVotes(firstPoll, three(0, 0, 0), w);
        expectVotes(firstPoll + 1, three(0, 0, 0), 0);
        bytes memory older = signed(1, 1, two(only(2), pair(1, 3)));
        vm.assertEq(polls.check(paperId, older), hex"01", "an older paper");
        polls.castPapers(paperId, older);
        expectVotes(firstPoll, three(0, 0, 0), w);
        cast(1, 255, two(none(), none()));
        expectVotes(firstPoll, three(0, 0, 0), 0);
        bytes memory last = signed(2, 1, two(only(1), none()));
        vm.warp(polls.paperRecord(paperId).closes);
        polls.castPapers(paperId, last);
        expectVotes(firstPoll, three(stakeOf(2), 0, 0), 0);
        close();
        bytes memory late = signed(4, 1, two(only(1), none()));
        vm.expectRevert(IPolls.PaperNotOpen.selector);
        polls.castPapers(paperId, late);
    }

    function test_a_seat_taken_late_counts_with_its_weight_at_the_opening() public {
        openAsked();
        nomic.enrol(list(VOTERS, 1));
        cast(VOTERS - 1, 1, one(only(2)));
        expectVotes(firstPoll, three(0, stakeOf(VOTERS - 1), 0), 0);
    }

    function test_an_auto_id_does_not_speak_from_two_seats() public {
        openAsked();
        cast(1, 1, one(only(2)));
        rotate(2, 4 + 60);
        nomic.enrol(list(2, 1));
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(64), stakeOf(1));
        vm.assertEq(polls.check(paperId, signed(64, 1, one(only(2)))), hex"02", "from the new seat");
        vm.assertEq(polls.check(paperId, signed(1, 2, one(only(1)))), hex"05", "from the old seat");
        expectVotes(firstPoll, three(0, stakeOf(1), 0), 0);
    }

    function test_weighed_at_the_close_an_auto_id_does_not_speak_from_two_seats_either() public {
        isAtClose = true;
        openAsked();
        cast(1, 1, one(only(2)));
        rotate(2, 4 + 60);
        nomic.enrol(list(2, 1));
        vm.assertEq(polls.check(paperId, signed(64, 1, one(only(2)))), hex"02", "from the new seat");
    }

    function test_one_paper_alone_counts_as_in_a_batch() public {
        openAsked();
        Sheet memory s = sheet(1, 1, one(only(2)));
        bytes memory own = signature(keyOf(1), paperDigest(s));
        polls.castPaper(paperId, s.seat, markOf(s), 0, accountOf(1), own);
        expectVotes(firstPoll, three(0, stakeOf(1), 0), 0);
        refused(s, 1, own, 1);
        s.seat = 0;
        refused(s, 1, own, 2);
        s = sheet(2, 1, one(only(2)));
        refused(s, 1, own, 3);
        uint256 tooWide = markOf(s) | (1 << 32);
        (address signer, bytes memory good) = (accountOf(2), signature(keyOf(2), paperDigest(s)));
        vm.expectRevert(abi.encodeWithSelector(IPaperCounter.PaperRefused.selector, 1));
        polls.castPaper(paperId, s.seat, tooWide, 0, signer, good);
    }

    function test_a_voting_key_answers_for_its_auto_id_alone_and_only_here() public {
        openAsked();
        Sheet memory s = sheet(1, 1, one(only(2)));
        bytes memory byKey = signature(keyOf(77), paperDigest(s));
        refused(s, 77, byKey, 3);
        vm.prank(accountOf(1));
        ids.setKey(2, accountOf(77), address(polls), uint48(time() + 1 days));
        vm.assertEq(polls.check(paperId, paperRecord(s, markOf(s), keyOf(77))), hex"03", "never in a batch");
        polls.castPaper(paperId, s.seat, markOf(s), 0, accountOf(77), byKey);
        expectVotes(firstPoll, three(0, stakeOf(1), 0), 0);
    }

    function test_a_smart_account_answers_alone() public {
        TestWallet wallet = new TestWallet(accountOf(77));
        address account = address(wallet);
        vm.prank(account);
        ids.register(IAutoIds.Registration(account, 1, 0, 0, 0, 0, time()), "", "");
        nomic.enrol(list(VOTERS + 1, 1));
        vm.prank(account);
        nomic.delegate(account);
        vm.prank(accountOf(1));
        nomic.transfer(account, 5);
        openAsked();
        (uint32 seat, ) = nomic.seatOf(account);
        Sheet memory s = sheet(1, 1, one(only(3)));
        s.seat = seat;
        bytes memory byOwner = signature(keyOf(77), paperDigest(s));
        polls.castPaper(paperId, seat, markOf(s), 0, account, byOwner);
        expectVotes(firstPoll, three(0, 0, 5), 0);
    }

    function test_a_paper_for_another_chain_does_not_count() public {
        openAsked();
        bytes memory here = signed(1, 1, one(only(2)));
        vm.chainId(5);
        vm.assertEq(polls.check(paperId, here), hex"03", "replayed");
    }

    function test_weights_at_the_close_are_known_only_after_it() public {
        isAtClose = true;
        openAsked();
        cast(1, 1, one(only(2)));
        cast(2, 1, one(only(3)));
        expectVotes(firstPoll, three(0, 0, 0), 0);
        vm.expectRevert(PaperCounter.NotYetClosed.selector);
        polls.weigh(paperId, 100);
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(2), stakeOf(1));
        close();
        (, , bool isFinal) = polls.outcome(firstPoll);
        vm.assertFalse(isFinal, "before it is weighed");
        vm.assertTrue(polls.weigh(paperId, 1000), "done");
        (, , isFinal) = polls.outcome(firstPoll);
        vm.assertTrue(isFinal, "after");
        expectVotes(firstPoll, three(0, 0, stakeOf(1) + stakeOf(2)), 0);
        vm.expectRevert(PaperCounter.NothingToWeigh.selector);
        polls.weigh(paperId, 1000);
    }

    function test_a_paper_weighed_at_the_opening_is_not_weighed_again() public {
        openAsked();
        cast(1, 1, one(only(2)));
        close();
        vm.expectRevert(PaperCounter.NothingToWeigh.selector);
        polls.weigh(paperId, 1000);
    }

    function refused(Sheet memory s, uint256 voter, bytes memory by, uint8 why) private {
        (uint256 mark, address signer) = (markOf(s), accountOf(voter));
        vm.expectRevert(abi.encodeWithSelector(IPaperCounter.PaperRefused.selector, why));
        polls.castPaper(s.paper, s.seat, mark, s.reason, signer, by);
    }
}
