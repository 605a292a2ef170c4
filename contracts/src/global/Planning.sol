// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../interfaces/IChallenge.sol";
import {Escrow} from "./Escrow.sol";

/// How sponsors agree on what the tasks are.
///
/// Invariants, and the test that holds each:
/// - the pay of all tasks is the whole budget: `testFuzz_the_pay_of_all_tasks_is_the_whole_budget`
/// - no plan has a cycle: `testFuzz_no_plan_has_a_cycle`
abstract contract Planning is Escrow {
    /// A stake is never less than this part of the pay, so that bad work costs more than it brings.
    uint256 private constant MIN_STAKE = 2500;

    /// @inheritdoc IChallenge
    uint256 public planCount;

    /// @inheritdoc IChallenge
    uint256 public adoptedPlan;

    mapping(uint256 plan => Plan) private _plans;
    mapping(uint256 plan => mapping(address sponsor => bool)) private _judged;
    Task[] internal _tasks;

    /// @inheritdoc IChallenge
    function proposePlan(string calldata summary, TaskSpec[] calldata tasks)
        external
        nonReentrant
        onlyIn(State.Planning)
        returns (uint256 plan)
    {
        if (block.timestamp > _until) revert TooLate();
        _global.checkPlan(tasks, _requirements);
        uint256 bond = planBond();
        _pull(bond);
        plan = ++planCount;
        Plan storage p = _plans[plan];
        (p.author, p.hash, p.bond, p.open) = (msg.sender, keccak256(abi.encode(tasks)), bond, true);
        emit PlanProposed(plan, msg.sender, bond, summary, tasks);
    }

    /// @inheritdoc IChallenge
    function judgePlan(uint256 plan, bool approve) external nonReentrant onlyIn(State.Planning) {
        if (block.timestamp > _until) revert TooLate();
        Plan storage p = _openPlan(plan);
        uint256 weight = fundedBy[msg.sender];
        if (weight == 0) revert NotASponsor();
        if (_judged[plan][msg.sender]) revert AlreadyJudged();
        _judged[plan][msg.sender] = true;
        emit PlanJudged(plan, msg.sender, approve, weight);
        if (approve) {
            p.approved += weight;
            return;
        }
        p.spam += weight;
        if (!_isMajority(p.spam)) return;
        p.open = false;
        _credit(_global.treasury(), Reason.Slash, p.bond);
        emit PlanRejected(plan);
    }

    /// @inheritdoc IChallenge
    function adoptPlan(uint256 plan, TaskSpec[] calldata tasks) external nonReentrant onlyIn(State.Planning) {
        Plan storage p = _openPlan(plan);
        if (!_isMajority(p.approved)) revert NotApproved();
        if (p.hash != keccak256(abi.encode(tasks))) revert WrongTasks();
        adoptedPlan = plan;
        p.open = false;
        _credit(p.author, Reason.Bond, p.bond);
        emit PlanAdopted(plan, funded, tasks.length);
        _enter(State.Working, _terms.deadline);
        _write(tasks);
        for (uint256 i; i < tasks.length; ++i) {
            _openIfReady(i);
        }
    }

    /// @inheritdoc IChallenge
    function returnBond(uint256 plan) external nonReentrant {
        if (state <= State.Planning) revert WrongState();
        Plan storage p = _openPlan(plan);
        p.open = false;
        _credit(p.author, Reason.Bond, p.bond);
    }

    /// @inheritdoc IChallenge
    function planBond() public view returns (uint256) {
        return goal / 100;
    }

    /// @inheritdoc IChallenge
    function planAt(uint256 plan) external view returns (Plan memory) {
        return _plans[plan];
    }

    /// @inheritdoc IChallenge
    function taskCount() external view returns (uint256) {
        return _tasks.length;
    }

    /// @inheritdoc IChallenge
    function taskAt(uint256 task) external view returns (Task memory) {
        return _task(task);
    }

    function _openIfReady(uint256 task) internal virtual;

    function _task(uint256 task) internal view returns (Task storage) {
        if (task >= _tasks.length) revert UnknownTask();
        return _tasks[task];
    }

    function _isLast(uint256 task) internal view returns (bool) {
        return task + 1 == _tasks.length;
    }

    function _openPlan(uint256 plan) private view returns (Plan storage p) {
        p = _plans[plan];
        if (p.author == address(0)) revert UnknownPlan();
        if (!p.open) revert PlanClosed();
    }

    /// What division leaves over goes to the last task, so that the pay of all is the whole budget.
    function _write(TaskSpec[] calldata tasks) private {
        uint256 left = funded;
        for (uint256 i; i < tasks.length; ++i) {
            TaskSpec calldata spec = tasks[i];
            uint256 payout = i + 1 == tasks.length ? left : (funded * spec.weight) / FULL;
            left -= payout;
            uint256 least = (payout * MIN_STAKE) / FULL;
            Task storage t = _tasks.push();
            (t.weight, t.dependencies, t.workTime) = (spec.weight, spec.dependencies, spec.workTime);
            (t.domain, t.payout) = (spec.domain, uint128(payout));
            t.minStake = spec.minStake > least ? spec.minStake : uint128(least);
        }
    }
}
