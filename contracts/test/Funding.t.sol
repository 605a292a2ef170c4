// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Challenge} from "../src/global/Challenge.sol";
import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {IGlobalDao} from "../src/interfaces/IGlobalDao.sol";
import {Mesh} from "./Mesh.sol";
import {MeshToken} from "./MeshToken.sol";

contract FundingTest is Mesh {
    function setUp() public {
        layMesh();
    }

    function test_a_challenge_is_where_it_was_foretold_and_the_salt_its_creators_own() public {
        IGlobalDao.ChallengeParams memory p = params();
        address own = mesh.predictChallenge(ann, p.salt);
        (, address other) = mesh.createChallenge(p);
        vm.assertTrue(other != own, "squatted");
        vm.prank(ann);
        (uint256 id, address made) = mesh.createChallenge(p);
        vm.assertEq(made, own, "foretold");
        vm.assertEq(mesh.challengeAt(id), own, "listed");
        vm.assertTrue(mesh.isChallenge(own), "known");
        vm.prank(ann);
        vm.expectRevert();
        mesh.createChallenge(p);
    }

    function test_nobody_makes_a_challenge_again_nor_takes_the_original() public {
        create();
        IChallenge.Terms memory terms = params().terms;
        Challenge[2] memory both = [challenge, mesh.CHALLENGE()];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(bytes4(keccak256("InvalidInitialization()")));
            both[i].initialize(address(coin), 1, 1, 1, terms);
        }
    }

    function test_terms_outside_their_ranges_are_refused() public {
        IGlobalDao.ChallengeParams memory p = params();
        p.terms.fundingUntil = uint48(time());
        refused(p, IChallenge.BadTerms.selector);
        p.terms.fundingUntil = uint48(time() + 180 days + 1);
        refused(p, IChallenge.BadTerms.selector);
        p = params();
        p.terms.biddingTime = 1 hours - 1;
        refused(p, IChallenge.BadTerms.selector);
        p = params();
        p.terms.ratingTime = 30 days + 1;
        refused(p, IChallenge.BadTerms.selector);
        p = params();
        p.terms.deadline = p.terms.fundingUntil + p.terms.planningTime + p.terms.biddingTime - 1;
        refused(p, IChallenge.BadTerms.selector);
        p.terms.deadline = uint48(time() + 730 days + 1);
        refused(p, IChallenge.BadTerms.selector);
        p = params();
        p.goal = 9999;
        refused(p, IChallenge.BadGoal.selector);
        p = params();
        p.requirements = new string[](33);
        refused(p, IChallenge.BadRequirements.selector);
        p.requirements = new string[](0);
        refused(p, IChallenge.BadRequirements.selector);
        p = params();
        p.token = address(new MeshToken());
        refused(p, IGlobalDao.TokenNotListed.selector);
        p = params();
        p.title = "";
        refused(p, IGlobalDao.BadName.selector);
    }

    function test_planning_begins_at_the_goal_and_nobody_pays_after() public {
        create();
        fundBy(ann, BUDGET - 1);
        isNow(IChallenge.State.Funding, "one is missing");
        fundBy(bob, 5);
        isNow(IChallenge.State.Planning, "the goal");
        vm.assertEq(challenge.funded(), BUDGET + 4, "all of it");
        vm.prank(ann);
        vm.expectRevert(IChallenge.WrongState.selector);
        challenge.fund(1);
    }

    function test_a_challenge_that_does_not_reach_its_goal_is_cancelled_by_anyone_and_refunds_everybody() public {
        create();
        fundBy(ann, 3 * COIN);
        fundBy(bob, COIN);
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.poke();
        vm.warp(time() + 7 days);
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.poke();
        vm.warp(time() + 1);
        vm.prank(ann);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.fund(1);
        vm.expectRevert(IChallenge.NotOver.selector);
        challenge.refund(ann);
        vm.prank(eve);
        challenge.poke();
        isNow(IChallenge.State.Cancelled, "cancelled");
        vm.assertEq(challenge.refund(ann), 3 * COIN, "Ann");
        vm.assertEq(challenge.refund(bob), COIN, "Bob");
        vm.expectRevert(IChallenge.NothingToWithdraw.selector);
        challenge.refund(ann);
        vm.expectRevert(IChallenge.NothingToWithdraw.selector);
        challenge.refund(eve);
        vm.assertEq(coin.balanceOf(address(challenge)), 0, "empty");
        vm.expectRevert(IChallenge.NothingDue.selector);
        challenge.poke();
    }

    function test_a_challenge_without_any_sponsor_ends_too() public {
        create();
        vm.warp(time() + 7 days + 1);
        challenge.poke();
        vm.assertEq(challenge.refundOf(ann), 0, "nothing");
    }

    function test_a_token_that_keeps_a_part_or_moves_nothing_is_refused() public {
        create();
        coin.set(MeshToken.Mood.TakesFee);
        vm.prank(ann);
        vm.expectRevert(IChallenge.TokenTakesFee.selector);
        challenge.fund(COIN);
        coin.set(MeshToken.Mood.MovesNothing);
        vm.prank(ann);
        vm.expectRevert(IChallenge.TokenTakesFee.selector);
        challenge.fund(COIN);
        vm.prank(ann);
        vm.expectRevert(IChallenge.BadAmount.selector);
        challenge.fund(0);
    }

    function test_a_token_that_calls_back_gets_in_nowhere() public {
        create();
        fundBy(ann, 3 * COIN);
        coin.reenter(address(challenge), abi.encodeCall(IChallenge.fund, (1)));
        fundBy(bob, COIN);
        vm.warp(time() + 7 days + 1);
        challenge.poke();
        coin.reenter(address(challenge), abi.encodeCall(IChallenge.refund, (ann)));
        challenge.refund(ann);
        vm.assertFalse(coin.gotIn(), "refunded while refunding");
        coin.reenter(address(challenge), abi.encodeCall(IChallenge.refund, (ann)));
        challenge.refund(bob);
        vm.assertFalse(coin.gotIn(), "got in");
        vm.assertEq(coin.balanceOf(ann), 1_000_000 * COIN, "Ann has hers once");
    }

    function testFuzz_refunds_are_each_ones_part_and_never_more_than_there_is(uint96 a, uint96 b, uint96 c) public {
        create();
        uint256[3] memory parts = [bound(a, 1, BUDGET / 4), bound(b, 1, BUDGET / 4), bound(c, 1, BUDGET / 4)];
        address[3] memory sponsors = [ann, bob, eve];
        for (uint256 i; i < 3; ++i) {
            fundBy(sponsors[i], parts[i]);
        }
        vm.warp(time() + 7 days + 1);
        challenge.poke();
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(challenge.refund(sponsors[i]), parts[i], "part");
        }
    }

    function refused(IGlobalDao.ChallengeParams memory p, bytes4 why) private {
        vm.expectRevert(why);
        mesh.createChallenge(p);
    }
}
