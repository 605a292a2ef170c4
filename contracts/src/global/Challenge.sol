// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {IGlobalDao} from "../interfaces/IGlobalDao.sol";
import {Reviewing} from "./Reviewing.sol";

/// What follows from each end: of a task, of the whole, of time.
contract Challenge is Reviewing {
    /// Reputation for one unit paid.
    uint256 private constant POINTS = 1000;
    uint256 private constant THRESHOLD = 60;
    /// Work that nobody objected to counts as if rated so.
    uint256 private constant UNRATED = 75;
    uint256 private constant LATE_SLASH = 2500;
    uint256 private constant LEAST_SLASH = 6000;
    uint256 private constant MOST_SLASH = 9500;
    /// Of a slash; the rest is the treasury's, so that objecting to oneself or to good work brings little.
    uint256 private constant OBJECTOR_SHARE = 2500;

    mapping(uint256 session => mapping(address sponsor => bool)) private _judged;
    mapping(uint256 session => mapping(uint256 tasks => uint256)) private _manifestVotes;

    constructor() {
        _disableInitializers();
    }

    /// The Global DAO checks the rules, makes a challenge and initializes it in one call.
    function initialize(address token_, uint256 unit, uint256 goal_, uint256 requirements, Terms calldata terms_)
        external
        initializer
    {
        (_global, _token, _unit) = (IGlobalDao(msg.sender), IERC20(token_), unit);
        (goal, _requirements, _terms) = (goal_, requirements, terms_);
        _enter(State.Funding, terms_.fundingUntil);
    }

    /// @inheritdoc IChallenge
    function judgeManifest(uint32 returned, string calldata reason) external nonReentrant onlyIn(State.Working) {
        uint256 last = _tasks.length - 1;
        Task storage t = _tasks[last];
        if (t.state != TaskState.Delivered) revert WrongState();
        if (block.timestamp > t.until) revert TooLate();
        uint256 weight = fundedBy[msg.sender];
        if (weight == 0) revert NotASponsor();
        if (_judged[t.session][msg.sender]) revert AlreadyJudged();
        _mayReturn(returned, last);
        _judged[t.session][msg.sender] = true;
        emit ManifestJudged(msg.sender, weight, returned, reason);
        weight += _manifestVotes[t.session][returned];
        _manifestVotes[t.session][returned] = weight;
        if (!_isMajority(weight)) return;
        if (returned == 0) _accept(last, t, false, 0);
        else _return(t, returned, last);
    }

    /// @inheritdoc IChallenge
    function pokeTask(uint256 task) external nonReentrant onlyIn(State.Working) {
        Task storage t = _task(task);
        if (t.until == 0 || block.timestamp <= t.until) revert NothingDue();
        if (t.state == TaskState.Bidding) _assign(task, t);
        else if (t.state < TaskState.Delivered) _late(task, t);
        else if (t.state == TaskState.Delivered) _accept(task, t, false, 0);
        else if (t.state == TaskState.Revealing || !_openReveal(task, t)) _settle(task, t);
    }

    /// @inheritdoc IChallenge
    function poke() external nonReentrant {
        if (state == State.Working) {
            if (_busy != 0 || !_isLost()) revert NothingDue();
            _end(State.Expired);
        } else {
            if (_until == 0 || block.timestamp <= _until) revert NothingDue();
            _close(State.Cancelled);
        }
    }

    function _settle(uint256 task, Task storage t) private {
        (bool rated, uint256 median, bool byPeers) = _count(task);
        if (!rated || median >= THRESHOLD) _accept(task, t, rated, median);
        else _reject(task, t, median, byPeers);
    }

    function _accept(uint256 task, Task storage t, bool rated, uint256 rating) private {
        (t.state, t.until, t.rated, t.rating) = (TaskState.Accepted, 0, rated, uint8(rating));
        --_busy;
        emit TaskAccepted(task, t.assignee, rated, uint8(rating));
        // An objection that did not hold pays for the delay.
        _credit(_global.accountOf(t.assignee), Reason.Bond, t.bond);
        (t.objector, t.bond) = (address(0), 0);
        if (!t.settled) {
            _giveStakeBack(t);
            uint256 gain = _isSponsor(t.assignee) ? 0 : (_points(t) * (rated ? rating : UNRATED)) / 100;
            _closeTask(t, int256(gain));
        }
        if (_isLast(task)) _end(State.Done);
        else _openNext(task);
    }

    function _reject(uint256 task, Task storage t, uint256 rating, bool byPeers) private {
        (t.rated, t.rating) = (true, uint8(rating));
        --_busy;
        // On the word of sponsors alone little is lost, and nobody gains by it.
        uint256 rate =
            byPeers ? LEAST_SLASH + ((THRESHOLD - rating) * (MOST_SLASH - LEAST_SLASH)) / THRESHOLD : LATE_SLASH;
        uint256 slashed = (uint256(t.stake) * rate) / FULL;
        uint256 share = byPeers && t.objector != address(0) ? (slashed * OBJECTOR_SHARE) / FULL : 0;
        emit TaskRejected(task, t.assignee, uint8(rating), slashed);
        _credit(t.objector, Reason.Bond, t.bond);
        _credit(t.objector, Reason.Slash, share);
        _slash(t, slashed, slashed - share);
        (t.objector, t.bond) = (address(0), 0);
        // What it had earned for this work before it was returned goes, too.
        if (t.settled) _global.reputationLost(t.assignee, t.domain, _points(t) * 2);
        else _closeTask(t, -int256(_points(t)));
        _reassign(task, t);
    }

    function _late(uint256 task, Task storage t) private {
        --_busy;
        uint256 slashed = (uint256(t.stake) * LATE_SLASH) / FULL;
        emit TaskLate(task, t.assignee, slashed);
        _slash(t, slashed, slashed);
        _closeTask(t, -int256(_points(t) / 2));
        _reassign(task, t);
    }

    /// Sponsors do not take work back themselves: what they name is rated like work that was objected to, once.
    function _return(Task storage whole, uint32 returned, uint256 last) private {
        (whole.state, whole.until, whole.deliverable) = (TaskState.Waiting, 0, 0);
        _manifest = 0;
        --_busy;
        emit TasksReturned(returned);
        for (uint256 i; i < last; ++i) {
            if (returned & (1 << i) == 0) continue;
            Task storage t = _tasks[i];
            t.returned = true;
            ++t.session;
            ++_busy;
            _openRating(t);
        }
    }

    /// Accepted work is paid for whether or not the whole came about.
    function _end(State last) private {
        for (uint256 i; i < _tasks.length; ++i) {
            Task storage t = _tasks[i];
            if (t.state == TaskState.Accepted) {
                _pay(_global.accountOf(t.assignee), t.payout);
            } else if (t.assignee != 0) {
                _giveStakeBack(t);
                _closeTask(t, 0);
            }
        }
        _close(last);
    }

    function _slash(Task storage t, uint256 slashed, uint256 toTreasury) private {
        _credit(_global.treasury(), Reason.Slash, toTreasury);
        t.stake -= uint128(slashed);
        _giveStakeBack(t);
    }

    function _giveStakeBack(Task storage t) private {
        uint256 stake = t.stake;
        t.stake = 0;
        _credit(t.payer, Reason.Stake, stake);
    }

    function _closeTask(Task storage t, int256 change) private {
        t.settled = true;
        _global.taskSettled(t.assignee, t.domain, change);
    }

    /// Whoever pays for its own work buys no reputation with it.
    function _isSponsor(uint256 dao) private view returns (bool) {
        return fundedBy[_global.accountOf(dao)] != 0 || fundedBy[_global.executiveOf(dao)] != 0;
    }

    function _points(Task storage t) private view returns (uint256) {
        return (uint256(t.payout) * POINTS) / _unit;
    }

    function _mayReturn(uint32 returned, uint256 last) private view {
        if (returned >> last != 0) revert BadReturn();
        for (uint256 i; i < last; ++i) {
            if (returned & (1 << i) != 0 && _tasks[i].returned) revert BadReturn();
        }
    }
}
