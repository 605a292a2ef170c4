// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Pause} from "../src/nomic/Pause.sol";
import {PauseProxy} from "../src/nomic/PauseProxy.sol";
import {Shutdown} from "../src/nomic/Shutdown.sol";
import {ComesBack, PauseWorld, TestAction} from "./PauseWorld.sol";
import {Vm} from "./Vm.sol";

contract PauseTest is PauseWorld {
    address internal hat = spell(1);
    address internal other = spell(2);
    TestAction internal action;
    bytes32 internal code;
    bytes internal run = abi.encodeCall(TestAction.run, ());

    function setUp() public {
        makePause();
        action = new TestAction();
        code = address(action).codehash;
        crown(hat);
    }

    function test_only_the_hat_plots() public {
        uint48 eta = soon();
        vm.expectRevert(Pause.NotTheHat.selector);
        pause.plot(address(action), code, run, eta);
        voteFor(WHALE, spells_(other));
        vm.prank(other);
        vm.expectRevert(Pause.NotTheHat.selector);
        pause.plot(address(action), code, run, eta);
        plot(run, eta);
    }

    function test_nothing_is_plotted_for_before_the_delay_or_for_ever() public {
        uint48 eta = soon();
        vm.startPrank(hat);
        vm.expectRevert(Pause.BadEta.selector);
        pause.plot(address(action), code, run, eta - 1);
        vm.expectRevert(Pause.BadEta.selector);
        pause.plot(address(action), code, run, eta + 30 days + 1);
        vm.expectRevert(Pause.BadEta.selector);
        pause.plot(address(action), code, run, type(uint48).max);
        vm.stopPrank();
    }

    function test_anybody_executes_a_plan_once_from_its_time_on() public {
        uint48 eta = soon();
        bytes32 plan = plot(run, eta);
        vm.assertTrue(pause.stateOf(plan) == Pause.State.Plotted, "plotted");
        vm.warp(eta - 1);
        vm.expectRevert(Pause.TooEarly.selector);
        exec(run, eta);
        vm.warp(eta);
        vm.recordLogs();
        vm.assertEq(abi.decode(exec(run, eta), (uint256)), 7, "what it returned");
        Vm.Log memory log = vm.getRecordedLogs()[0];
        vm.assertEq(log.emitter, address(proxy), "run in the proxy");
        vm.assertTrue(pause.stateOf(plan) == Pause.State.Executed, "executed");
        vm.expectRevert(Pause.NotPlotted.selector);
        exec(run, eta);
        vm.prank(hat);
        vm.expectRevert(Pause.NotPlotted.selector);
        pause.drop(address(action), code, run, eta);
    }

    function test_a_plan_dies_when_its_window_has_passed() public {
        uint48 eta = soon();
        plot(run, eta);
        vm.warp(uint256(eta) + 7 days + 1);
        vm.expectRevert(Pause.TooLate.selector);
        exec(run, eta);
        vm.warp(uint256(eta) + 7 days);
        exec(run, eta);
    }

    function test_what_was_not_plotted_in_every_detail_is_not_executed() public {
        uint48 eta = soon();
        plot(run, eta);
        vm.warp(eta);
        vm.expectRevert(Pause.NotPlotted.selector);
        exec(abi.encodeCall(TestAction.scribble, ()), eta);
        vm.expectRevert(Pause.NotPlotted.selector);
        exec(run, eta - 1);
        address twin = address(new TestAction());
        vm.expectRevert(Pause.NotPlotted.selector);
        pause.exec(twin, code, run, eta);
        vm.expectRevert(Pause.NotPlotted.selector);
        pause.exec(address(action), bytes32(0), run, eta);
    }

    function test_a_moved_hat_cancels_nothing_and_the_new_one_may_drop() public {
        uint48 eta = soon();
        bytes memory scribble = abi.encodeCall(TestAction.scribble, ());
        plot(run, eta);
        bytes32 second = plot(scribble, eta);
        crown(other);
        vm.prank(hat);
        vm.expectRevert(Pause.NotTheHat.selector);
        pause.drop(address(action), code, scribble, eta);
        vm.prank(other);
        pause.drop(address(action), code, scribble, eta);
        vm.assertTrue(pause.stateOf(second) == Pause.State.Dropped, "dropped");
        vm.warp(eta);
        vm.expectRevert(Pause.NotPlotted.selector);
        exec(scribble, eta);
        exec(run, eta);
    }

    function test_what_was_dropped_is_not_plotted_again_under_the_same_name() public {
        uint48 eta = soon();
        plot(run, eta);
        vm.startPrank(hat);
        vm.expectRevert(Pause.KnownPlan.selector);
        pause.plot(address(action), code, run, eta);
        pause.drop(address(action), code, run, eta);
        vm.expectRevert(Pause.KnownPlan.selector);
        pause.plot(address(action), code, run, eta);
        vm.expectRevert(Pause.NotPlotted.selector);
        pause.drop(address(action), code, run, eta);
        vm.stopPrank();
    }

    function test_an_action_whose_code_changed_is_not_run() public {
        uint48 eta = soon();
        plot(run, eta);
        vm.warp(eta);
        bytes memory good = address(action).code;
        vm.etch(address(action), hex"00");
        vm.expectRevert(Pause.CodeChanged.selector);
        exec(run, eta);
        vm.etch(address(action), "");
        vm.expectRevert(Pause.CodeChanged.selector);
        exec(run, eta);
        vm.etch(address(action), good);
        exec(run, eta);
    }

    function test_an_action_that_does_not_exist_is_not_taken_for_done() public {
        uint48 eta = soon();
        address nowhere = spell(77);
        bytes32 empty = nowhere.codehash;
        vm.prank(hat);
        pause.plot(nowhere, empty, run, eta);
        vm.warp(eta);
        vm.expectRevert();
        pause.exec(nowhere, empty, run, eta);
    }

    function test_an_action_that_fails_may_be_tried_again() public {
        uint48 eta = soon();
        bytes memory fail = abi.encodeCall(TestAction.fail, ());
        bytes32 plan = plot(fail, eta);
        vm.warp(eta);
        vm.expectRevert(bytes(abi.encodeWithSignature("Error(string)", "no")));
        exec(fail, eta);
        vm.assertTrue(pause.stateOf(plan) == Pause.State.Plotted, "still there");
    }

    function test_no_action_can_write_over_the_pause() public {
        uint48 eta = soon();
        bytes memory scribble = abi.encodeCall(TestAction.scribble, ());
        plot(scribble, eta);
        bytes32 second = plot(run, eta);
        vm.warp(eta);
        exec(scribble, eta);
        vm.assertEq(pause.delay(), DELAY, "delay");
        vm.assertTrue(pause.stateOf(second) == Pause.State.Plotted, "the other plan");
        vm.assertEq(address(pause.PROXY()), address(proxy), "proxy");
        exec(run, eta);
    }

    function test_an_action_that_comes_back_runs_only_once() public {
        uint48 eta = soon();
        ComesBack back = new ComesBack(pause);
        bytes memory call = abi.encodeCall(ComesBack.run, (eta));
        bytes32 back_ = address(back).codehash;
        vm.prank(hat);
        pause.plot(address(back), back_, call, eta);
        vm.warp(eta);
        vm.assertFalse(abi.decode(pause.exec(address(back), back_, call, eta), (bool)), "once more");
    }

    function test_a_plan_may_execute_another_whose_time_has_come() public {
        uint48 eta = soon();
        bytes memory inner = abi.encodeCall(pause.exec, (address(action), code, run, eta));
        bytes memory outer = abi.encodeCall(TestAction.send, (address(pause), inner));
        plot(run, eta);
        plot(outer, eta);
        vm.warp(eta);
        vm.assertTrue(abi.decode(exec(outer, eta), (bool)), "the plan inside the plan");
        vm.expectRevert(Pause.NotPlotted.selector);
        exec(run, eta);
    }

    function test_the_delay_is_changed_by_a_plan_alone_and_within_bounds() public {
        vm.expectRevert(Pause.NotTheProxy.selector);
        pause.setDelay(3 days);
        vm.prank(hat);
        vm.expectRevert(Pause.NotTheProxy.selector);
        pause.setDelay(3 days);
        setDelayByPlan(1 hours);
        vm.assertEq(pause.delay(), 1 hours, "delay");
        vm.startPrank(address(proxy));
        vm.expectRevert(Pause.BadDelay.selector);
        pause.setDelay(1 hours - 1);
        vm.expectRevert(Pause.BadDelay.selector);
        pause.setDelay(30 days + 1);
        vm.stopPrank();
        vm.expectRevert(Pause.BadDelay.selector);
        new Pause(chief, shutdown, 0);
    }

    function test_a_shorter_delay_hastens_nothing_that_is_plotted() public {
        uint48 late = soon() + 10 days;
        plot(run, late);
        setDelayByPlan(1 hours);
        vm.expectRevert(Pause.TooEarly.selector);
        exec(run, late);
    }

    function test_the_proxy_obeys_the_pause_alone() public {
        vm.prank(hat);
        vm.expectRevert(PauseProxy.NotThePause.selector);
        proxy.exec(address(action), run);
    }

    function test_the_proxy_cannot_plot_for_itself() public {
        uint48 eta = soon();
        bytes memory plotting = abi.encodeCall(pause.plot, (address(action), code, run, eta + 10 days));
        bytes memory call = abi.encodeCall(TestAction.send, (address(pause), plotting));
        plot(call, eta);
        vm.warp(eta);
        vm.assertFalse(abi.decode(exec(call, eta), (bool)), "plotted");
    }

    function soon() private view returns (uint48) {
        return uint48(time() + DELAY);
    }

    function plot(bytes memory call, uint48 eta) private returns (bytes32) {
        vm.prank(hat);
        return pause.plot(address(action), code, call, eta);
    }

    function exec(bytes memory call, uint48 eta) private returns (bytes memory) {
        return pause.exec(address(action), code, call, eta);
    }

    function setDelayByPlan(uint48 delay) private {
        uint48 eta = soon();
        bytes memory call =
            abi.encodeCall(TestAction.sendSurely, (address(pause), abi.encodeCall(pause.setDelay, (delay))));
        plot(call, eta);
        vm.warp(eta);
        exec(call, eta);
    }
}

contract ShutdownTest is PauseWorld {
    address internal hat = spell(1);
    TestAction internal action;
    bytes internal run = abi.encodeCall(TestAction.run, ());
    bytes32 internal code;

    function setUp() public {
        makePause();
        action = new TestAction();
        code = address(action).codehash;
        crown(hat);
    }

    function test_what_is_joined_is_gone_for_ever() public {
        join(30, 5e18);
        join(30, 1e18);
        vm.assertEq(shutdown.joined(), 6e18, "joined");
        vm.assertEq(shutdown.joinedBy(accountOf(30)), 6e18, "by the voter");
        vm.assertEq(nomic.balanceOf(address(shutdown)), 6e18, "held");
        vm.assertEq(nomic.getVotes(address(shutdown)), 0, "and speaks nowhere");
        vm.expectRevert(Shutdown.NothingToJoin.selector);
        shutdown.join(0);
        vm.expectRevert(Shutdown.NoThreshold.selector);
        new Shutdown(nomic, 0);
    }

    function test_nothing_fires_below_the_threshold() public {
        join(30, 30e18 - 1);
        vm.expectRevert(Shutdown.TooFewJoined.selector);
        shutdown.fire();
        join(32, 1);
        shutdown.fire();
        vm.assertTrue(shutdown.fired(), "fired");
        vm.expectRevert(Shutdown.AlreadyFired.selector);
        shutdown.fire();
        vm.startPrank(accountOf(32));
        nomic.approve(address(shutdown), 1);
        vm.expectRevert(Shutdown.AlreadyFired.selector);
        shutdown.join(1);
        vm.stopPrank();
    }

    function test_after_it_nothing_plotted_is_executed_and_nothing_is_plotted() public {
        uint48 eta = uint48(time() + DELAY);
        vm.prank(hat);
        pause.plot(address(action), code, run, eta);
        vm.warp(eta);
        fire();
        vm.expectRevert(PauseProxy.ShutDown.selector);
        pause.exec(address(action), code, run, eta);
        vm.prank(hat);
        vm.expectRevert(Pause.ShutDown.selector);
        pause.plot(address(action), code, run, eta + 5 days);
    }

    function test_after_it_everything_locked_is_free() public {
        fire();
        uint256 before = nomic.balanceOf(accountOf(WHALE));
        free(WHALE, stakeOf(WHALE));
        vm.assertEq(nomic.balanceOf(accountOf(WHALE)), before + stakeOf(WHALE), "all of it");
    }

    function join(uint256 voter, uint256 amount) private {
        vm.startPrank(accountOf(voter));
        nomic.approve(address(shutdown), amount);
        shutdown.join(amount);
        vm.stopPrank();
    }

    function fire() private {
        join(30, 30e18);
        shutdown.fire();
    }
}
