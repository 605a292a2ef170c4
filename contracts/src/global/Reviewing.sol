// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {IChallenge} from "../interfaces/IChallenge.sol";
import {Delivering} from "./Delivering.sol";
import {Verdict} from "./Verdict.sol";

/// How work that somebody objected to is rated: sponsors and DAOs of the domain commit to ratings, then show them.
abstract contract Reviewing is Delivering {
    /// Below this weight nobody rates, so that there are at most two hundred reviewers.
    uint256 private constant MIN_WEIGHT = 100;
    uint256 private constant OBJECTION_BOND = 1000;

    mapping(uint256 task => Review[]) private _reviews;
    /// Place in the list, from 1, by session, reviewer and DAO.
    mapping(uint256 task => mapping(bytes32 key => uint256)) private _placeOf;

    /// @inheritdoc IChallenge
    function object(uint256 task, string calldata reason) external nonReentrant onlyIn(State.Working) {
        Task storage t = _task(task);
        if (t.state != TaskState.Delivered) revert WrongState();
        if (block.timestamp > t.until) revert TooLate();
        uint256 bond = objectionBond(task);
        _pull(bond);
        (t.objector, t.bond) = (msg.sender, uint96(bond));
        _openRating(t);
        emit Objected(task, msg.sender, bond, reason, t.until);
    }

    /// @inheritdoc IChallenge
    function commitRating(uint256 task, uint256 dao, bytes32 commitment) external nonReentrant onlyIn(State.Working) {
        Task storage t = _task(task);
        if (t.state != TaskState.Rating) revert WrongState();
        if (block.timestamp > t.until) revert TooLate();
        if (commitment == 0) revert BadCommitment();
        address reviewer = _reviewer(dao);
        uint256 weight = reviewWeight(task, reviewer, dao);
        if (weight == 0) revert NotAReviewer();
        bytes32 key = _key(t, reviewer, dao);
        if (_placeOf[task][key] != 0) revert AlreadyRated();
        _reviews[task].push(Review(reviewer, uint64(dao), uint16(weight), 0, false, commitment));
        _placeOf[task][key] = _reviews[task].length;
        emit RatingCommitted(task, reviewer, dao, weight, commitment);
    }

    /// @inheritdoc IChallenge
    function revealRating(uint256 task, uint256 dao, uint8 rating, string calldata reason, bytes32 salt)
        external
        nonReentrant
        onlyIn(State.Working)
    {
        Task storage t = _task(task);
        if (t.state == TaskState.Rating && block.timestamp > t.until) _openReveal(task, t);
        if (t.state != TaskState.Revealing) revert WrongState();
        if (block.timestamp > t.until) revert TooLate();
        if (rating > Verdict.HIGHEST) revert BadRating();
        address reviewer = _reviewer(dao);
        uint256 place = _placeOf[task][_key(t, reviewer, dao)];
        if (place == 0) revert NotAReviewer();
        Review storage r = _reviews[task][place - 1];
        if (r.revealed) revert AlreadyRated();
        if (r.commitment != ratingCommitmentOf(task, dao, reviewer, rating, salt)) revert BadCommitment();
        (r.rating, r.revealed) = (rating, true);
        emit RatingRevealed(task, reviewer, dao, rating, reason);
    }

    /// @inheritdoc IChallenge
    function objectionBond(uint256 task) public view returns (uint256) {
        uint256 bond = (uint256(_task(task).payout) * OBJECTION_BOND) / FULL;
        return bond == 0 ? 1 : bond;
    }

    /// @inheritdoc IChallenge
    function reviewWeight(uint256 task, address reviewer, uint256 dao) public view returns (uint256 weight) {
        Task storage t = _task(task);
        if (_isPartial(task, t, reviewer, dao)) return 0;
        weight = dao == 0 ? (fundedBy[reviewer] * FULL) / funded : _global.shareOf(dao, t.domain);
        weight = (weight * _global.standingOf(reviewer)) / FULL;
        if (weight < MIN_WEIGHT) return 0;
    }

    /// @inheritdoc IChallenge
    function ratingCommitmentOf(uint256 task, uint256 dao, address reviewer, uint8 rating, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(address(this), task, _task(task).session, dao, reviewer, rating, salt));
    }

    function _openRating(Task storage t) internal {
        (t.state, t.until) = (TaskState.Rating, uint48(block.timestamp + _terms.ratingTime));
    }

    /// @return whether there is anything to reveal
    function _openReveal(uint256 task, Task storage t) internal returns (bool) {
        if (_reviews[task].length == 0) return false;
        (t.state, t.until) = (TaskState.Revealing, uint48(block.timestamp + _terms.ratingTime));
        emit RevealOpened(task, t.until);
        return true;
    }

    function _count(uint256 task) internal returns (bool rated, uint256 median, bool byPeers) {
        (rated, median, byPeers) = _global.judge(_reviews[task]);
        delete _reviews[task];
    }

    /// Who did the work, who objected and who would get the task next have something to gain from the rating.
    function _isPartial(uint256 task, Task storage t, address reviewer, uint256 dao) private view returns (bool) {
        if (dao != 0 && reviewer != _global.accountOf(dao)) return true;
        if (_global.isOne(dao, reviewer, t.assignee, t.objector)) return true;
        address executive = _global.executiveOf(dao);
        // Sponsors that return what was accepted are those who object.
        if (t.settled && (fundedBy[reviewer] != 0 || fundedBy[executive] != 0)) return true;
        if (_hasBid(task, dao) || _hasBid(task, _global.daoOf(reviewer))) return true;
        IAutoIds ids = IAutoIds(_global.autoIds());
        return _hasContributed(task, t, ids.idOf(reviewer)) || _hasContributed(task, t, ids.idOf(executive));
    }

    function _reviewer(uint256 dao) private view returns (address) {
        if (dao == 0) return msg.sender;
        if (!_global.actsFor(dao, msg.sender)) revert NotForThisDao();
        return _global.accountOf(dao);
    }

    function _key(Task storage t, address reviewer, uint256 dao) private view returns (bytes32) {
        return keccak256(abi.encode(t.session, reviewer, dao));
    }
}
