// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IGlobalDao} from "../interfaces/IGlobalDao.sol";
import {Domains} from "./Domains.sol";

/// What DAOs are known for, by domain, and how far the word of a reviewer is trusted.
///
/// Invariants, and the test that holds each:
/// - reputation halves every 90 days, and never grows by itself: `testFuzz_reputation_halves_every_ninety_days_and_never_grows_by_itself`
/// - many small gains decay as one, and the total is the sum: `testFuzz_many_small_gains_decay_as_one_and_the_total_is_the_sum`
abstract contract Reputation is Domains {
    /// An amount as it was at the start of its half-life; all decay on one curve, so sums decay as their parts do and nothing is
    /// gained by being written often.
    struct Entry {
        uint192 amount;
        uint64 halfLife;
    }

    uint256 private constant HALF_LIFE = 90 days;
    uint256 private constant FRACTION = 32;
    /// A billion units: more than any task pays, and far from what an entry can hold.
    uint256 private constant MAX_CHANGE = 1e12;
    uint256 private constant FULL = 10_000;
    uint256 private constant EVERYBODY = 0;

    mapping(uint256 dao => mapping(bytes32 domain => Entry)) private _entries;
    mapping(address reviewer => uint256) private _distrust;

    /// @inheritdoc IGlobalDao
    function reputationOf(uint256 dao, bytes32 domain) public view returns (uint256) {
        (uint256 amount, uint256 passed) = _decayed(_entries[dao][domain]);
        return Math.mulDiv(amount, HALF_LIFE, HALF_LIFE + passed) >> FRACTION;
    }

    /// @inheritdoc IGlobalDao
    function totalReputation(bytes32 domain) public view returns (uint256) {
        return reputationOf(EVERYBODY, domain);
    }

    /// @inheritdoc IGlobalDao
    function shareOf(uint256 dao, bytes32 domain) external view returns (uint256) {
        uint256 total = totalReputation(domain);
        return total == 0 ? 0 : Math.min((reputationOf(dao, domain) * FULL) / total, FULL);
    }

    /// @inheritdoc IGlobalDao
    function standingOf(address reviewer) public view returns (uint256) {
        return FULL - _distrust[reviewer];
    }

    function _gain(uint256 dao, bytes32 domain, uint256 points) internal {
        for (points = Math.min(points, MAX_CHANGE); domain != 0 && points != 0; points /= 2) {
            _add(EVERYBODY, domain, points);
            _add(dao, domain, points);
            emit ReputationChanged(dao, domain, int256(points), reputationOf(dao, domain));
            domain = parentOf[domain];
        }
    }

    function _lose(uint256 dao, bytes32 domain, uint256 points) internal {
        for (points = Math.min(points, MAX_CHANGE); domain != 0 && points != 0; points /= 2) {
            uint256 lost = Math.min(points, reputationOf(dao, domain));
            _subtract(EVERYBODY, domain, lost);
            _subtract(dao, domain, lost);
            emit ReputationChanged(dao, domain, -int256(lost), reputationOf(dao, domain));
            domain = parentOf[domain];
        }
    }

    /// Far from the median costs a quarter of the standing, near it gives back a tenth of what was lost.
    function _trust(address reviewer, bool fair) internal {
        uint256 distrust = _distrust[reviewer];
        if (fair && distrust == 0) return;
        distrust = fair ? distrust - (distrust + 9) / 10 : distrust + (FULL - distrust) / 4;
        _distrust[reviewer] = distrust;
        emit StandingChanged(reviewer, FULL - distrust);
    }

    function _add(uint256 dao, bytes32 domain, uint256 points) private {
        Entry storage e = _entries[dao][domain];
        (uint256 amount, uint256 passed) = _decayed(e);
        // Rounded up, so that what was added can be read back.
        amount += Math.mulDiv(points << FRACTION, HALF_LIFE + passed, HALF_LIFE, Math.Rounding.Ceil);
        (e.amount, e.halfLife) = (uint192(amount), uint64(block.timestamp / HALF_LIFE));
    }

    function _subtract(uint256 dao, bytes32 domain, uint256 points) private {
        Entry storage e = _entries[dao][domain];
        (uint256 amount, uint256 passed) = _decayed(e);
        amount -= Math.min(amount, Math.mulDiv(points << FRACTION, HALF_LIFE + passed, HALF_LIFE));
        (e.amount, e.halfLife) = (uint192(amount), uint64(block.timestamp / HALF_LIFE));
    }

    /// The amount at the start of the present half-life, and how much of that has passed.
    function _decayed(Entry storage e) private view returns (uint256 amount, uint256 passed) {
        amount = uint256(e.amount) >> (block.timestamp / HALF_LIFE - e.halfLife);
        passed = block.timestamp % HALF_LIFE;
    }
}
