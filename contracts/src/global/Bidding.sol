// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../interfaces/IChallenge.sol";
import {Planning} from "./Planning.sol";

/// Who does a task: bids with stake, the best of them assigned, the others ready to take over.
abstract contract Bidding is Planning {
    uint256 private constant MAX_BIDS = 16;
    /// Stake beyond this many times the least one earns nothing.
    uint256 private constant STAKE_CAP = 4;
    uint256 private constant MAX_ROUNDS = 3;
    uint256 private constant MILLIONTHS = 1e6;

    /// Tasks that a DAO works on or that are being judged: none may be cut off.
    uint256 internal _busy;
    bool private _stuck;

    mapping(uint256 task => Bid[]) private _bids;
    mapping(uint256 task => mapping(uint256 dao => bool)) private _failed;

    /// @inheritdoc IChallenge
    function bid(uint256 task, uint256 dao, uint256 stake) external nonReentrant onlyIn(State.Working) {
        Task storage t = _task(task);
        if (t.state != TaskState.Bidding) revert WrongState();
        if (block.timestamp > t.until) revert TooLate();
        if (!_global.actsFor(dao, msg.sender)) revert NotForThisDao();
        if (stake < t.minStake) revert StakeTooLow();
        if (_failed[task][dao]) revert FailedBefore();
        if (_hasBid(task, dao)) revert AlreadyBid();
        uint256 worth = _worth(t, dao, stake);
        if (worth == 0) revert NotInDomain();
        _pull(stake);
        Bid[] storage bids = _bids[task];
        if (bids.length == MAX_BIDS) _pushOut(task, worth);
        bids.push(Bid(uint64(dao), uint128(stake), msg.sender, worth));
        emit BidPlaced(task, dao, stake, worth);
    }

    /// @inheritdoc IChallenge
    function withdrawBid(uint256 task, uint256 dao) external nonReentrant {
        Task storage t = _task(task);
        bool over = state != State.Working || t.state >= TaskState.Accepted;
        if (!over && !_global.actsFor(dao, msg.sender)) revert NotForThisDao();
        _giveBack(task, _indexOf(task, dao));
    }

    /// @inheritdoc IChallenge
    function bidsOf(uint256 task) external view returns (Bid[] memory) {
        return _bids[task];
    }

    /// @inheritdoc IChallenge
    function scoreOf(uint256 task, uint256 dao, uint256 stake) external view returns (uint256) {
        return _score(_task(task), dao, stake);
    }

    function _openIfReady(uint256 task) internal override {
        Task storage t = _tasks[task];
        if (t.state != TaskState.Waiting || !_isReady(t)) return;
        if (t.assignee != 0) _resume(task, t);
        else _openBids(task, t);
    }

    /// Opens every later task that waited only for this one.
    function _openNext(uint256 task) internal {
        for (uint256 i = task + 1; i < _tasks.length; ++i) {
            if (_tasks[i].dependencies & (1 << task) != 0) _openIfReady(i);
        }
    }

    /// Takes the task from a DAO that was late or rejected, and gives it to the next.
    function _reassign(uint256 task, Task storage t) internal {
        _failed[task][t.assignee] = true;
        (t.assignee, t.payer, t.stake, t.settled) = (0, address(0), 0, false);
        t.deliverable = 0;
        if (t.round >= MAX_ROUNDS) _giveUp(task, t);
        else if (_bids[task].length == 0) _openBids(task, t);
        else _assign(task, t);
    }

    function _assign(uint256 task, Task storage t) internal {
        if (_bids[task].length == 0) return _openBids(task, t);
        if (_stuck || !_hasTime(t, 0)) return _giveUp(task, t);
        (uint256 best, uint256 score) = _best(task, t);
        Bid memory b = _take(task, best);
        (t.assignee, t.stake, t.payer) = (b.dao, b.stake, b.payer);
        ++_busy;
        _begin(t);
        emit TaskAssigned(task, b.dao, ++t.round, score, t.until);
        _global.taskAssigned(b.dao);
    }

    function _hasBid(uint256 task, uint256 dao) internal view returns (bool) {
        Bid[] storage bids = _bids[task];
        for (uint256 i; i < bids.length; ++i) {
            if (bids[i].dao == dao) return true;
        }
        return false;
    }

    /// Whether nothing can bring this challenge to its end any more.
    function _isLost() internal view returns (bool) {
        return _stuck || block.timestamp > _terms.deadline;
    }

    function _begin(Task storage t) private {
        (t.state, t.until) = (TaskState.Assigned, uint48(block.timestamp + t.workTime));
    }

    /// A whole that was returned is put together again by who did it before.
    function _resume(uint256 task, Task storage t) private {
        if (_stuck || !_hasTime(t, 0)) return _giveUp(task, t);
        ++_busy;
        _begin(t);
        emit TaskAssigned(task, t.assignee, t.round, 0, t.until);
    }

    function _openBids(uint256 task, Task storage t) private {
        if (_stuck || !_hasTime(t, _terms.biddingTime)) return _giveUp(task, t);
        (t.state, t.until) = (TaskState.Bidding, uint48(block.timestamp + _terms.biddingTime));
        emit BiddingOpened(task, t.until);
    }

    /// The stake of who was to go on is given back when the challenge ends.
    function _giveUp(uint256 task, Task storage t) private {
        (t.state, t.until) = (TaskState.Failed, 0);
        _stuck = true;
        emit TaskFailed(task);
    }

    function _pushOut(uint256 task, uint256 worth) private {
        Bid[] storage bids = _bids[task];
        uint256 worst;
        for (uint256 i = 1; i < bids.length; ++i) {
            (uint256 a, uint256 b) = (bids[i].worth, bids[worst].worth);
            if (a < b || (a == b && bids[i].dao > bids[worst].dao)) worst = i;
        }
        if (worth <= bids[worst].worth) revert BidTooLow();
        _giveBack(task, worst);
    }

    function _giveBack(uint256 task, uint256 index) private {
        Bid memory b = _take(task, index);
        emit BidWithdrawn(task, b.dao, b.stake);
        _credit(b.payer, Reason.Stake, b.stake);
    }

    function _take(uint256 task, uint256 index) private returns (Bid memory b) {
        Bid[] storage bids = _bids[task];
        b = bids[index];
        bids[index] = bids[bids.length - 1];
        bids.pop();
    }

    /// The highest score, of equal ones the DAO with the lower number.
    function _best(uint256 task, Task storage t) private view returns (uint256 best, uint256 high) {
        Bid[] storage bids = _bids[task];
        for (uint256 i; i < bids.length; ++i) {
            uint256 score = _score(t, bids[i].dao, bids[i].stake);
            if (i != 0 && (score < high || (score == high && bids[i].dao > bids[best].dao))) continue;
            (best, high) = (i, score);
        }
    }

    function _score(Task storage t, uint256 dao, uint256 stake) private view returns (uint256) {
        return _worth(t, dao, stake) / (1 + _global.openTasks(dao));
    }

    function _worth(Task storage t, uint256 dao, uint256 stake) private view returns (uint256) {
        uint256 cap = uint256(t.minStake) * STAKE_CAP;
        if (stake > cap) stake = cap;
        return _global.worthOf(dao, t.domain, (stake * MILLIONTHS) / _unit, t.payout <= _unit);
    }

    function _indexOf(uint256 task, uint256 dao) private view returns (uint256) {
        Bid[] storage bids = _bids[task];
        for (uint256 i; i < bids.length; ++i) {
            if (bids[i].dao == dao) return i;
        }
        revert NoBid();
    }

    function _isReady(Task storage t) private view returns (bool) {
        for (uint256 i; i < _tasks.length; ++i) {
            if (t.dependencies & (1 << i) != 0 && _tasks[i].state != TaskState.Accepted) return false;
        }
        return true;
    }

    function _hasTime(Task storage t, uint256 before) private view returns (bool) {
        return block.timestamp + before + t.workTime <= _terms.deadline;
    }
}
