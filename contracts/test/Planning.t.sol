// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Challenge} from "../src/global/Challenge.sol";
import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {IGlobalDao} from "../src/interfaces/IGlobalDao.sol";
import {Mesh} from "./Mesh.sol";

contract PlanningTest is Mesh {
    uint256 private constant BOND = 10 * COIN;

    function setUp() public {
        layMesh();
        toPlanning();
    }

    function test_a_plan_must_be_sound() public {
        IChallenge.TaskSpec[] memory t = tasks();
        t[0].weight = 3999;
        refused(t, IChallenge.BadWeights.selector);
        (t[0].weight, t[1].weight) = (7000, 0);
        refused(t, IChallenge.BadWeights.selector);
        t = tasks();
        t[0].covers = 0;
        refused(t, IChallenge.RequirementNotCovered.selector);
        t[0].covers = 5;
        refused(t, IChallenge.RequirementNotCovered.selector);
        t = tasks();
        t[1].domain = "cooking";
        refused(t, IGlobalDao.UnknownDomain.selector);
        t = tasks();
        t[1].workTime = 1 hours - 1;
        refused(t, IChallenge.BadWorkTime.selector);
        t[1].workTime = 180 days + 1;
        refused(t, IChallenge.BadWorkTime.selector);
        t = tasks();
        t[2].title = "";
        refused(t, IChallenge.BadTitle.selector);
        refused(new IChallenge.TaskSpec[](1), IChallenge.BadTaskCount.selector);
        refused(new IChallenge.TaskSpec[](33), IChallenge.BadTaskCount.selector);
    }

    function test_the_last_task_depends_on_all_others() public {
        IChallenge.TaskSpec[] memory t = tasks();
        t[2].dependencies = 1;
        refused(t, IChallenge.BadDependencies.selector);
    }

    function testFuzz_no_plan_has_a_cycle(uint32 a, uint32 b) public {
        IChallenge.TaskSpec[] memory t = tasks();
        (t[0].dependencies, t[1].dependencies) = (a, b);
        bool isForward = a != 0 || b > 1;
        if (isForward) refused(t, IChallenge.BadDependencies.selector);
        else mesh.checkPlan(t, 2);
    }

    function test_a_plan_that_more_than_half_approves_is_adopted_by_anyone_as_it_was_proposed() public {
        (uint256 one, uint256 two) = (proposeBy(eve), proposeBy(bob));
        vm.prank(bob);
        challenge.judgePlan(one, true);
        vm.expectRevert(IChallenge.NotApproved.selector);
        challenge.adoptPlan(one, tasks());
        vm.prank(ann);
        challenge.judgePlan(two, true);
        IChallenge.TaskSpec[] memory other = tasks();
        other[0].title = "Mast";
        vm.expectRevert(IChallenge.WrongTasks.selector);
        challenge.adoptPlan(two, other);
        challenge.adoptPlan(two, tasks());
        isNow(IChallenge.State.Working, "working");
        vm.assertEq(challenge.adoptedPlan(), two, "the second");
        vm.assertEq(challenge.creditOf(bob), BOND, "its bond is back");
        challenge.returnBond(one);
        vm.assertEq(challenge.creditOf(eve), BOND, "and that of the other");
        vm.expectRevert(IChallenge.PlanClosed.selector);
        challenge.returnBond(one);
        vm.expectRevert(IChallenge.PlanClosed.selector);
        challenge.returnBond(two);
        isIn(0, IChallenge.TaskState.Bidding, "the first is open");
        isIn(1, IChallenge.TaskState.Waiting, "the second waits");
        isIn(2, IChallenge.TaskState.Waiting, "and the last");
    }

    function test_only_sponsors_judge_and_once() public {
        uint256 plan = proposeBy(eve);
        vm.prank(eve);
        vm.expectRevert(IChallenge.NotASponsor.selector);
        challenge.judgePlan(plan, true);
        vm.startPrank(bob);
        challenge.judgePlan(plan, true);
        vm.expectRevert(IChallenge.AlreadyJudged.selector);
        challenge.judgePlan(plan, true);
        vm.expectRevert(IChallenge.UnknownPlan.selector);
        challenge.judgePlan(plan + 1, true);
        vm.stopPrank();
    }

    function test_spam_loses_its_bond_to_the_treasury_and_is_never_adopted() public {
        uint256 plan = proposeBy(eve);
        vm.prank(ann);
        challenge.judgePlan(plan, false);
        vm.assertEq(challenge.creditOf(TREASURY), BOND, "lost");
        vm.prank(bob);
        vm.expectRevert(IChallenge.PlanClosed.selector);
        challenge.judgePlan(plan, true);
        vm.expectRevert(IChallenge.PlanClosed.selector);
        challenge.adoptPlan(plan, tasks());
        end();
        vm.expectRevert(IChallenge.PlanClosed.selector);
        challenge.returnBond(plan);
    }

    function test_without_a_plan_the_challenge_is_cancelled_and_money_and_bonds_go_back() public {
        uint256 plan = proposeBy(eve);
        vm.expectRevert(IChallenge.WrongState.selector);
        challenge.returnBond(plan);
        end();
        isNow(IChallenge.State.Cancelled, "cancelled");
        challenge.returnBond(plan);
        vm.assertEq(challenge.withdraw(eve), BOND, "bond");
        vm.assertEq(challenge.refund(ann), 600 * COIN, "Ann");
        vm.assertEq(challenge.refund(bob), 400 * COIN, "Bob");
        vm.assertEq(coin.balanceOf(address(challenge)), 0, "empty");
    }

    function test_nothing_is_proposed_or_judged_after_planning() public {
        uint256 plan = proposeBy(eve);
        vm.warp(challenge.until() + 1);
        vm.prank(eve);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.proposePlan("", tasks());
        vm.prank(ann);
        vm.expectRevert(IChallenge.TooLate.selector);
        challenge.judgePlan(plan, true);
    }

    function testFuzz_the_pay_of_all_tasks_is_the_whole_budget(uint256 extra, uint16 a, uint16 b) public {
        create2(bound(extra, 0, 1e30));
        IChallenge.TaskSpec[] memory t = tasks();
        t[0].weight = uint16(bound(a, 1, 5000));
        t[1].weight = uint16(bound(b, 1, 4999));
        t[2].weight = 10_000 - t[0].weight - t[1].weight;
        vm.prank(eve);
        uint256 plan = challenge.proposePlan("", t);
        vm.prank(ann);
        challenge.judgePlan(plan, true);
        challenge.adoptPlan(plan, t);
        uint256 sum;
        for (uint256 i; i < 3; ++i) {
            IChallenge.Task memory task = challenge.taskAt(i);
            sum += task.payout;
            vm.assertLe(uint256(task.payout) / 4, task.minStake, "a quarter at least");
        }
        vm.assertEq(sum, challenge.funded(), "conserved");
    }

    function create2(uint256 extra) private {
        IGlobalDao.ChallengeParams memory p = params();
        p.salt = "two";
        (, address where) = mesh.createChallenge(p);
        challenge = Challenge(where);
        allow(ann);
        allow(eve);
        coin.mint(ann, extra);
        uint256 most = type(uint96).max;
        fundBy(ann, BUDGET + extra > most ? most : BUDGET + extra);
    }

    function end() private {
        vm.warp(challenge.until() + 1);
        challenge.poke();
    }

    function refused(IChallenge.TaskSpec[] memory t, bytes4 why) private {
        vm.expectRevert(why);
        mesh.checkPlan(t, 2);
        vm.prank(eve);
        vm.expectRevert(why);
        challenge.proposePlan("", t);
    }
}
