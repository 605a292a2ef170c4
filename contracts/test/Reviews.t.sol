// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Verdict} from "../src/global/Verdict.sol";
import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {Mesh} from "./Mesh.sol";

contract ReviewsTest is Mesh {
    function setUp() public {
        layMesh();
        toWork();
    }

    function test_work_that_daos_of_the_domain_rate_below_sixty_is_slashed_by_margin() public {
        assign(0, 1);
        deliver(0, 1);
        judgedByPeer(30);
        isIn(0, IChallenge.TaskState.Bidding, "open again");
        // 60 % and half of the way to 95 %.
        vm.assertEq(challenge.creditOf(accountOf(1)), (45 * COIN) / 2, "the rest of the stake");
        vm.assertEq(challenge.creditOf(TREASURY), (155 * 3 * COIN) / 8, "the treasury's part");
        vm.assertEq(challenge.creditOf(eve), (10 + 40) * COIN + (155 * COIN) / 8, "bonds and the objector's part");
        vm.assertEq(challenge.creditOf(accountOf(4)), 0, "nothing for the judge");
    }

    function test_the_stake_is_never_slashed_whole() public {
        assign(0, 1);
        deliver(0, 1);
        judgedByPeer(0);
        vm.assertEq(challenge.creditOf(accountOf(1)), 5 * COIN, "a twentieth is left");
    }

    function test_on_the_word_of_sponsors_alone_little_is_lost_and_the_objector_gains_nothing() public {
        assign(0, 1);
        deliver(0, 1);
        judge(0, 0, 0);
        isIn(0, IChallenge.TaskState.Bidding, "open again");
        vm.assertEq(challenge.creditOf(accountOf(1)), 75 * COIN, "three quarters are back");
        vm.assertEq(challenge.creditOf(TREASURY), 25 * COIN, "the treasury's");
        vm.assertEq(challenge.creditOf(eve), (10 + 40) * COIN, "bonds only");
        vm.assertEq(challenge.creditOf(ann) + challenge.creditOf(bob), 0, "nothing for the judges");
    }

    function test_an_objection_that_does_not_hold_pays_the_author() public {
        assign(0, 1);
        deliver(0, 1);
        judge(0, 60, 60);
        isIn(0, IChallenge.TaskState.Accepted, "sixty is enough");
        vm.assertEq(challenge.creditOf(accountOf(1)), (100 + 40) * COIN, "stake and bond");
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 2400, "reputation as rated");
    }

    function test_without_ratings_or_with_too_few_the_work_stands() public {
        assign(0, 1);
        deliver(0, 1);
        objectBy(eve, 0);
        pass(0);
        isIn(0, IChallenge.TaskState.Accepted, "nobody rated");
        assign(1, 2);
        deliver(1, 2);
        objectBy(eve, 1);
        rate(ann, 1, 0, 0);
        pass(1);
        pass(1);
        isIn(1, IChallenge.TaskState.Accepted, "nobody showed");
        vm.assertEq(mesh.standingOf(ann), 7500, "who does not show is trusted less");
        vm.assertFalse(challenge.taskAt(1).rated, "not rated");
    }

    function test_the_author_its_executive_its_contributors_the_objector_and_rivals_never_rate() public {
        finish(0, 1);
        bidBy(2, 1, 110);
        bidBy(1, 1, 100);
        pass(1);
        deliver(1, challenge.taskAt(1).assignee);
        vm.assertEq(challenge.taskAt(1).assignee, 2, "the second does it");
        objectBy(bob, 1);
        vm.assertEq(challenge.reviewWeight(1, ann, 0), 6000, "a sponsor");
        vm.assertEq(challenge.reviewWeight(1, accountOf(2), 2), 0, "the author");
        vm.assertEq(challenge.reviewWeight(1, accountOf(1), 1), 0, "the next bidder");
        vm.assertEq(challenge.reviewWeight(1, bob, 0), 0, "the objector");
        vm.assertEq(challenge.reviewWeight(1, accountOf(3), 3), 0, "without reputation");
        vm.assertEq(challenge.reviewWeight(1, ann, 1), 0, "for another");
        vm.prank(accountOf(2));
        mesh.nameExecutive(2, ann);
        vm.assertEq(challenge.reviewWeight(1, ann, 0), 0, "the author's executive");
        bytes32 commitment = challenge.ratingCommitmentOf(1, 0, ann, 100, SALT);
        vm.prank(ann);
        vm.expectRevert(IChallenge.NotAReviewer.selector);
        challenge.commitRating(1, 0, commitment);
    }

    function test_a_sponsor_who_contributed_does_not_rate() public {
        uint256 id = registerPerson(ann);
        assign(0, 1);
        IChallenge.Delivery memory d = delivery(id, "hull");
        bytes32 commitment = challenge.commitmentOf(0, 1, d);
        vm.startPrank(accountOf(1));
        challenge.commitDelivery(0, commitment);
        vm.warp(time() + 1);
        challenge.revealDelivery(0, d);
        vm.stopPrank();
        objectBy(eve, 0);
        vm.assertEq(challenge.reviewWeight(0, ann, 0), 0, "contributed");
        vm.assertEq(challenge.reviewWeight(0, bob, 0), 4000, "did not");
    }

    function test_sponsors_count_for_half_as_much_as_the_daos_that_know_the_domain() public {
        finish(0, 1);
        finish(1, 2);
        assign(2, 3);
        deliver(2, 3);
        objectBy(eve, 2);
        vm.assertEq(challenge.reviewWeight(2, accountOf(1), 1), 10_000, "all of tech");
        rate(accountOf(1), 2, 1, 80);
        rate(ann, 2, 0, 10);
        rate(bob, 2, 0, 10);
        pass(2);
        show(accountOf(1), 2, 1, 80);
        show(ann, 2, 0, 10);
        show(bob, 2, 0, 10);
        pass(2);
        isNow(IChallenge.State.Done, "accepted");
        vm.assertEq(challenge.taskAt(2).rating, 80, "median");
        vm.assertEq(mesh.standingOf(ann), 7500, "far from the median");
        vm.assertEq(mesh.standingOf(accountOf(1)), 10_000, "near it");
    }

    function test_a_rating_is_hidden_then_shown_once_by_its_author_as_it_was() public {
        assign(0, 1);
        deliver(0, 1);
        objectBy(eve, 0);
        rate(ann, 0, 0, 90);
        bytes32 commitment = challenge.ratingCommitmentOf(0, 0, ann, 90, SALT);
        vm.prank(ann);
        vm.expectRevert(IChallenge.AlreadyRated.selector);
        challenge.commitRating(0, 0, commitment);
        vm.prank(bob);
        challenge.commitRating(0, 0, commitment);
        vm.prank(ann);
        vm.expectRevert(IChallenge.WrongState.selector);
        challenge.revealRating(0, 0, 90, "", SALT);
        vm.warp(challenge.taskAt(0).until + 1);
        vm.prank(ann);
        vm.expectRevert(IChallenge.BadCommitment.selector);
        challenge.revealRating(0, 0, 91, "", SALT);
        show(ann, 0, 0, 90);
        vm.prank(ann);
        vm.expectRevert(IChallenge.AlreadyRated.selector);
        challenge.revealRating(0, 0, 90, "", SALT);
        vm.prank(bob);
        vm.expectRevert(IChallenge.BadCommitment.selector);
        challenge.revealRating(0, 0, 90, "copied", SALT);
        vm.prank(eve);
        vm.expectRevert(IChallenge.NotAReviewer.selector);
        challenge.revealRating(0, 0, 90, "", SALT);
        vm.prank(bob);
        vm.expectRevert(IChallenge.BadRating.selector);
        challenge.revealRating(0, 0, 101, "", SALT);
        vm.warp(challenge.taskAt(0).until + 1);
        vm.prank(bob);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.revealRating(0, 0, 90, "", SALT);
    }

    function test_objections_and_ratings_end_with_their_windows() public {
        assign(0, 1);
        deliver(0, 1);
        objectBy(eve, 0);
        vm.prank(bob);
        vm.expectRevert(IChallenge.WrongState.selector);
        challenge.object(0, "me too");
        vm.warp(challenge.taskAt(0).until + 1);
        vm.prank(ann);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.commitRating(0, 0, "x");
        challenge.pokeTask(0);
        assign(1, 2);
        deliver(1, 2);
        vm.warp(challenge.taskAt(1).until + 1);
        vm.prank(bob);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.object(1, "");
    }

    function test_sponsors_accept_the_whole_before_the_window_ends() public {
        toWhole();
        vm.prank(bob);
        challenge.judgeManifest(0, "");
        isNow(IChallenge.State.Working, "not half");
        vm.prank(ann);
        challenge.judgeManifest(0, "");
        isNow(IChallenge.State.Done, "done");
    }

    function test_what_sponsors_return_is_rated_again_by_others_and_stands_without_them() public {
        toWhole();
        vm.prank(ann);
        challenge.judgeManifest(2, "The paint peels");
        isIn(1, IChallenge.TaskState.Rating, "rated once more");
        isIn(2, IChallenge.TaskState.Waiting, "the whole waits");
        vm.assertEq(challenge.reviewWeight(1, ann, 0), 0, "not by those who returned it");
        pass(1);
        isIn(1, IChallenge.TaskState.Accepted, "it stands");
        isIn(2, IChallenge.TaskState.Assigned, "the whole again");
        vm.assertEq(challenge.taskAt(2).assignee, 3, "by the same");
        deliver(2, 3);
        vm.prank(ann);
        vm.expectRevert(IChallenge.BadReturn.selector);
        challenge.judgeManifest(3, "again");
        vm.prank(ann);
        vm.expectRevert(IChallenge.BadReturn.selector);
        challenge.judgeManifest(4, "itself");
        pass(2);
        isNow(IChallenge.State.Done, "done");
        vm.assertEq(mesh.openTasks(2) + mesh.openTasks(3), 0, "closed once");
        vm.assertEq(mesh.daoAt(2).settledTasks, 1, "settled once");
    }

    function test_returned_work_that_is_rejected_earns_nothing_and_the_next_does_it() public {
        toWhole();
        vm.prank(ann);
        challenge.judgeManifest(1, "It leaks");
        vm.assertTrue(mesh.reputationOf(1, SOLIDITY) != 0, "it had earned some");
        giveReputation(4);
        rate(accountOf(4), 0, 4, 10);
        pass(0);
        show(accountOf(4), 0, 4, 10);
        pass(0);
        isIn(0, IChallenge.TaskState.Bidding, "open again");
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 0, "reputation is gone");
        vm.assertEq(challenge.creditOf(accountOf(1)), 100 * COIN, "its stake it had before");
        finish(0, 5);
        isIn(2, IChallenge.TaskState.Assigned, "the whole again");
        deliver(2, 3);
        pass(2);
        isNow(IChallenge.State.Done, "done");
        vm.assertEq(challenge.creditOf(accountOf(5)), (100 + 390) * COIN, "who did it");
        vm.assertEq(challenge.creditOf(accountOf(1)), 100 * COIN, "who did not");
    }

    function test_silence_accepts_the_whole() public {
        toWhole();
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.pokeTask(2);
        pass(2);
        isNow(IChallenge.State.Done, "done");
    }

    function test_a_challenge_ends_while_a_returned_whole_waits() public {
        toWhole();
        vm.prank(ann);
        challenge.judgeManifest(2, "");
        vm.warp(challenge.until() + 1);
        challenge.pokeTask(1);
        isIn(2, IChallenge.TaskState.Failed, "no time");
        challenge.poke();
        isNow(IChallenge.State.Expired, "expired");
        vm.assertEq(challenge.creditOf(accountOf(3)), 100 * COIN, "stake back");
        vm.assertEq(mesh.openTasks(3), 0, "closed");
        vm.assertEq(challenge.refund(ann) + challenge.refund(bob), 300 * COIN, "the last task's pay");
    }

    function testFuzz_the_median_is_what_half_of_the_weight_reaches(uint256 seed) public pure {
        IChallenge.Review[] memory reviews = new IChallenge.Review[](12);
        for (uint256 i; i < 12; ++i) {
            uint256 x = uint256(keccak256(abi.encode(seed, i)));
            reviews[i] = review(1 + i, (x >> 8) % 3000, x % 101);
            reviews[i].revealed = x % 7 != 0;
        }
        (bool rated, uint256 median, bool byPeers) = Verdict.among(reviews);
        (uint256 total, uint256 atLeast, uint256 above) = (0, 0, 0);
        for (uint256 i; i < 12; ++i) {
            if (!reviews[i].revealed) continue;
            total += reviews[i].weight;
            if (reviews[i].rating >= median) atLeast += reviews[i].weight;
            if (reviews[i].rating > median) above += reviews[i].weight;
        }
        vm.assertTrue(rated == (total >= 1000) && byPeers == rated, "a tenth is enough");
        if (!rated) return;
        vm.assertLe(total, atLeast * 2, "half reaches it");
        vm.assertTrue(above * 2 < total, "and no more than it");
    }

    function testFuzz_outliers_below_half_move_nothing(uint8 honest, uint8 liar, bool byPeers) public pure {
        IChallenge.Review[] memory reviews = new IChallenge.Review[](2);
        uint256 rating = bound(honest, 0, 100);
        reviews[0] = review(byPeers ? 1 : 0, 5001, rating);
        reviews[1] = review(byPeers ? 2 : 0, 4999, bound(liar, 0, 100));
        (, uint256 median,) = Verdict.among(reviews);
        vm.assertEq(median, rating, "honest");
    }

    function testFuzz_sponsors_alone_never_outvote_daos_that_agree(uint8 peer, uint8 sponsor, uint16 weight)
        public
        pure
    {
        IChallenge.Review[] memory reviews = new IChallenge.Review[](3);
        uint256 rating = bound(peer, 0, 100);
        reviews[0] = review(1, bound(weight, 1000, 10_000), rating);
        reviews[1] = review(0, 6000, bound(sponsor, 0, 100));
        reviews[2] = review(0, 4000, bound(sponsor, 0, 100));
        (, uint256 median, bool byPeers) = Verdict.among(reviews);
        vm.assertTrue(byPeers, "by peers");
        vm.assertEq(median, rating, "theirs");
    }

    function review(uint256 dao, uint256 weight, uint256 rating) private pure returns (IChallenge.Review memory) {
        return IChallenge.Review(address(1), uint64(dao), uint16(weight), uint8(rating), true, 0);
    }

    /// Eve objects, dao 4 knows the domain and rates.
    function judgedByPeer(uint8 rating) private {
        giveReputation(4);
        objectBy(eve, 0);
        rate(accountOf(4), 0, 4, rating);
        pass(0);
        show(accountOf(4), 0, 4, rating);
        pass(0);
    }

    function toWhole() private {
        finish(0, 1);
        finish(1, 2);
        assign(2, 3);
        deliver(2, 3);
    }

    /// As a challenge does it.
    function giveReputation(uint256 dao) private {
        vm.startPrank(address(challenge));
        mesh.taskAssigned(dao);
        mesh.taskSettled(dao, SOLIDITY, 5000);
        vm.stopPrank();
    }
}
