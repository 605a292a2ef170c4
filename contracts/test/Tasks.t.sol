// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {Mesh} from "./Mesh.sol";

contract TasksTest is Mesh {
    function setUp() public {
        layMesh();
        toWork();
    }

    function test_a_challenge_from_bids_to_pay() public {
        finish(0, 1);
        isIn(1, IChallenge.TaskState.Bidding, "the next opens");
        // 4 units at 75 in a hundred, and half of it in the parent.
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 3000, "reputation");
        vm.assertEq(mesh.reputationOf(1, TECH), 1500, "in the parent");
        finish(1, 2);
        finish(2, 3);
        isNow(IChallenge.State.Done, "done");
        vm.assertEq(challenge.creditOf(accountOf(1)), 100 * COIN + 390 * COIN, "stake and pay less the fee");
        vm.assertEq(challenge.creditOf(accountOf(2)), 100 * COIN + (292 * COIN + COIN / 2), "second");
        vm.assertEq(challenge.creditOf(TREASURY), 25 * COIN, "fee");
        uint256 before = coin.balanceOf(accountOf(1));
        vm.assertEq(challenge.withdraw(accountOf(1)), 490 * COIN, "by anyone");
        vm.assertEq(coin.balanceOf(accountOf(1)), before + 490 * COIN, "to the account");
        challenge.withdraw(accountOf(2));
        challenge.withdraw(accountOf(3));
        challenge.withdraw(TREASURY);
        challenge.withdraw(eve);
        vm.assertEq(coin.balanceOf(address(challenge)), 0, "all of it");
        vm.assertEq(challenge.refundOf(ann), 0, "nothing is left over");
    }

    function test_only_who_acts_for_a_dao_bids_and_only_where_it_is_at_home() public {
        vm.prank(eve);
        vm.expectRevert(IChallenge.NotForThisDao.selector);
        challenge.bid(0, 1, 100 * COIN);
        vm.prank(accountOf(1));
        mesh.nameExecutive(1, eve);
        vm.prank(eve);
        challenge.bid(0, 1, 100 * COIN);
        vm.prank(accountOf(1));
        vm.expectRevert(IChallenge.AlreadyBid.selector);
        challenge.bid(0, 1, 100 * COIN);
        mesh.addDomain("cooking", 0);
        (bytes32[] memory domains, uint8[] memory points) = (new bytes32[](1), new uint8[](1));
        (domains[0], points[0]) = ("cooking", 100);
        vm.prank(bob);
        uint256 cooks = mesh.join("Cooks", domains, points);
        vm.prank(bob);
        vm.expectRevert(IChallenge.NotInDomain.selector);
        challenge.bid(0, cooks, 100 * COIN);
        vm.prank(accountOf(2));
        vm.expectRevert(IChallenge.StakeTooLow.selector);
        challenge.bid(0, 2, 100 * COIN - 1);
        vm.prank(accountOf(2));
        vm.expectRevert(IChallenge.WrongState.selector);
        challenge.bid(1, 2, 100 * COIN);
        vm.prank(accountOf(2));
        vm.expectRevert(IChallenge.UnknownTask.selector);
        challenge.bid(3, 2, 100 * COIN);
    }

    function test_the_highest_score_gets_the_task_and_of_equal_ones_the_lower_number() public {
        bidBy(3, 0, 110);
        bidBy(2, 0, 110);
        bidBy(4, 0, 100);
        vm.assertEq(challenge.scoreOf(0, 3, 100 * COIN), challenge.scoreOf(0, 2, 100 * COIN), "equal");
        pass(0);
        vm.assertEq(challenge.taskAt(0).assignee, 2, "lower number");
        vm.assertEq(mesh.openTasks(2), 1, "open");
    }

    function test_stake_beyond_four_times_the_least_earns_nothing() public view {
        uint256 capped = challenge.scoreOf(0, 1, 100 * 4 * COIN);
        vm.assertEq(challenge.scoreOf(0, 1, 100_000 * COIN), capped, "capped");
        vm.assertTrue(challenge.scoreOf(0, 1, 100 * 3 * COIN) < capped, "below");
    }

    function test_sybils_cannot_fill_the_list_and_who_is_pushed_out_has_the_stake_back() public {
        for (uint256 i; i < 16; ++i) {
            address sybil = accountOf(200 + i);
            join(sybil);
            rich(sybil);
            allow(sybil);
            bidBySybil(i, 100);
        }
        bidBy(1, 0, 110);
        vm.assertEq(challenge.bidsOf(0).length, 16, "as many");
        vm.assertEq(challenge.creditOf(accountOf(215)), 100 * COIN, "of equal ones the highest number goes");
        vm.prank(accountOf(2));
        vm.expectRevert(IChallenge.BidTooLow.selector);
        challenge.bid(0, 2, 100 * COIN);
        pass(0);
        vm.assertEq(challenge.taskAt(0).assignee, 1, "the best");
    }

    function test_a_bid_is_withdrawn_by_its_dao_and_by_anyone_when_the_task_is_over() public {
        bidBy(1, 0, 120);
        bidBy(2, 0, 110);
        bidBy(3, 0, 110);
        vm.prank(eve);
        vm.expectRevert(IChallenge.NotForThisDao.selector);
        challenge.withdrawBid(0, 3);
        vm.prank(accountOf(3));
        challenge.withdrawBid(0, 3);
        vm.assertEq(challenge.creditOf(accountOf(3)), 110 * COIN, "back");
        vm.prank(accountOf(3));
        vm.expectRevert(IChallenge.NoBid.selector);
        challenge.withdrawBid(0, 3);
        pass(0);
        vm.prank(accountOf(1));
        vm.expectRevert(IChallenge.NoBid.selector);
        challenge.withdrawBid(0, 1);
        deliver(0, 1);
        pass(0);
        vm.prank(eve);
        challenge.withdrawBid(0, 2);
        vm.assertEq(challenge.creditOf(accountOf(2)), 110 * COIN, "back to who paid");
    }

    function test_bids_end_with_the_window_and_begin_again_when_there_were_none() public {
        vm.warp(challenge.taskAt(0).until + 1);
        vm.prank(accountOf(1));
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.bid(0, 1, 100 * COIN);
        challenge.pokeTask(0);
        isIn(0, IChallenge.TaskState.Bidding, "again");
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.pokeTask(0);
        assign(0, 1);
    }

    function test_who_is_late_loses_a_quarter_of_the_stake_and_the_next_takes_over() public {
        bidBy(1, 0, 100);
        bidBy(2, 0, 100);
        pass(0);
        pass(0);
        vm.assertEq(challenge.creditOf(accountOf(1)), 75 * COIN, "the rest is back");
        vm.assertEq(challenge.creditOf(TREASURY), 25 * COIN, "the treasury's");
        vm.assertEq(mesh.openTasks(1), 0, "settled");
        IChallenge.Task memory t = challenge.taskAt(0);
        vm.assertEq(t.assignee, 2, "the next");
        vm.assertEq(t.round, 2, "second round");
        deliver(0, 2);
        pass(0);
        isIn(0, IChallenge.TaskState.Accepted, "done after all");
    }

    function test_without_a_next_bidder_bids_open_again_but_not_for_who_failed() public {
        assign(0, 1);
        pass(0);
        isIn(0, IChallenge.TaskState.Bidding, "open");
        vm.prank(accountOf(1));
        vm.expectRevert(IChallenge.FailedBefore.selector);
        challenge.bid(0, 1, 100 * COIN);
        assign(0, 2);
    }

    function test_after_three_rounds_the_task_fails_and_the_rest_goes_back() public {
        for (uint256 dao = 1; dao <= 3; ++dao) {
            assign(0, dao);
            pass(0);
        }
        isIn(0, IChallenge.TaskState.Failed, "failed");
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.pokeTask(0);
        challenge.poke();
        isNow(IChallenge.State.Expired, "expired");
        vm.assertEq(challenge.refund(ann) + challenge.refund(bob), BUDGET, "all");
    }

    function test_a_challenge_that_expires_pays_what_was_accepted_and_refunds_the_rest() public {
        finish(0, 1);
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.poke();
        vm.warp(challenge.until() + 1);
        challenge.pokeTask(1);
        isIn(1, IChallenge.TaskState.Failed, "no time");
        challenge.poke();
        vm.assertEq(challenge.creditOf(accountOf(1)), 490 * COIN, "paid");
        vm.assertEq(challenge.refund(ann), 360 * COIN, "Ann");
        vm.assertEq(challenge.refund(bob), 240 * COIN, "Bob");
    }

    function test_a_challenge_does_not_end_under_the_hands_of_who_works() public {
        vm.warp(challenge.until() - 13 days);
        challenge.pokeTask(0);
        assign(0, 1);
        vm.warp(challenge.until() + 1);
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.poke();
        challenge.pokeTask(0);
        challenge.poke();
        isNow(IChallenge.State.Expired, "expired");
    }

    function test_no_task_begins_that_cannot_be_delivered_in_time() public {
        vm.warp(challenge.until() - 10 days + 1);
        challenge.pokeTask(0);
        isIn(0, IChallenge.TaskState.Failed, "no time");
    }

    function test_a_commitment_copied_from_another_dao_opens_for_nobody_else() public {
        assign(0, 1);
        IChallenge.Delivery memory d = delivery(1, "hull");
        bytes32 commitment = challenge.commitmentOf(0, 1, d);
        vm.prank(accountOf(1));
        challenge.commitDelivery(0, commitment);
        pass(0);
        assign(0, 2);
        vm.prank(accountOf(2));
        challenge.commitDelivery(0, commitment);
        vm.warp(time() + 1);
        vm.prank(accountOf(2));
        vm.expectRevert(IChallenge.BadCommitment.selector);
        challenge.revealDelivery(0, d);
        vm.prank(accountOf(1));
        vm.expectRevert(IChallenge.NotForThisDao.selector);
        challenge.revealDelivery(0, d);
    }

    function test_a_delivery_is_committed_before_it_is_shown_and_both_in_time() public {
        assign(0, 1);
        IChallenge.Delivery memory d = delivery(1, "hull");
        bytes32 commitment = challenge.commitmentOf(0, 1, d);
        vm.startPrank(accountOf(1));
        vm.expectRevert(IChallenge.WrongState.selector);
        challenge.revealDelivery(0, d);
        challenge.commitDelivery(0, commitment);
        vm.expectRevert(IChallenge.TooEarly.selector);
        challenge.revealDelivery(0, d);
        vm.warp(challenge.taskAt(0).until + 1);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.revealDelivery(0, d);
        vm.stopPrank();
        challenge.pokeTask(0);
        vm.assertEq(mesh.openTasks(1), 0, "late");
        assign(0, 2);
        vm.warp(challenge.taskAt(0).until + 1);
        vm.prank(accountOf(2));
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.commitDelivery(0, commitment);
    }

    function test_shares_of_contributors_are_ascending_and_whole() public {
        assign(0, 1);
        IChallenge.Delivery memory d = delivery(1, "hull");
        uint256[] memory none;
        badContributors(d, none);
        badContributors(d, pair((1 << 16) | 5000, (2 << 16) | 4999));
        badContributors(d, pair((2 << 16) | 5000, (1 << 16) | 5000));
        badContributors(d, pair((1 << 16) | 5000, (1 << 16) | 5000));
        badContributors(d, pair(5000, (1 << 16) | 5000));
        badContributors(d, new uint256[](17));
    }

    function test_the_manifest_holds_every_part_and_nothing_else() public {
        finish(0, 1);
        finish(1, 2);
        assign(2, 3);
        bytes32 root = challenge.manifestRoot();
        deliver(2, 3);
        bytes32[] memory proof = new bytes32[](1);
        (bytes32 one, bytes32 two) = (keccak256(abi.encode(0, 1)), keccak256(abi.encode(1, 2)));
        proof[0] = keccak256(bytes.concat(keccak256(abi.encode(uint256(1), two))));
        vm.assertTrue(challenge.isPart(0, one, proof), "a part");
        vm.assertFalse(challenge.isPart(1, one, proof), "of another task");
        vm.assertFalse(challenge.isPart(0, two, proof), "another part");
        vm.assertEq(challenge.manifestRoot(), root, "the same");
    }

    function test_what_nobody_fetches_in_a_year_goes_back_to_the_sponsors() public {
        finish(0, 1);
        finish(1, 2);
        finish(2, 3);
        vm.warp(time() + 365 days);
        vm.expectRevert(IChallenge.TooEarly.selector);
        challenge.reclaim(accountOf(1));
        vm.warp(time() + 1);
        challenge.reclaim(accountOf(1));
        vm.assertEq(challenge.refund(ann), 294 * COIN, "Ann");
        challenge.reclaim(accountOf(2));
        vm.assertEq(challenge.refund(ann), (3925 * COIN * 6) / 100, "and again");
        vm.expectRevert(IChallenge.NothingToWithdraw.selector);
        challenge.withdraw(accountOf(1));
        vm.expectRevert(IChallenge.NothingToWithdraw.selector);
        challenge.reclaim(accountOf(1));
    }

    function test_who_pays_for_its_own_work_buys_no_reputation() public {
        vm.prank(accountOf(1));
        mesh.nameExecutive(1, ann);
        finish(0, 1);
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 0, "none");
    }

    function test_a_token_that_calls_back_finds_the_door_shut() public {
        coin.reenter(address(challenge), abi.encodeCall(IChallenge.withdraw, (eve)));
        bidBy(1, 0, 100);
        coin.reenter(address(challenge), abi.encodeCall(IChallenge.withdrawBid, (0, 1)));
        challenge.withdraw(eve);
        vm.assertFalse(coin.gotIn(), "got in");
        vm.assertEq(challenge.creditOf(eve), 0, "once");
    }

    function badContributors(IChallenge.Delivery memory d, uint256[] memory contributors) private {
        d.contributors = contributors;
        uint256 before = vm.snapshotState();
        bytes32 commitment = challenge.commitmentOf(0, 1, d);
        vm.startPrank(accountOf(1));
        challenge.commitDelivery(0, commitment);
        vm.warp(time() + 1);
        vm.expectRevert(IChallenge.BadContributors.selector);
        challenge.revealDelivery(0, d);
        vm.stopPrank();
        vm.revertToState(before);
    }

    function pair(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function bidBySybil(uint256 i, uint256 coins) private {
        vm.prank(accountOf(200 + i));
        challenge.bid(0, 7 + i, coins * COIN);
    }
}
