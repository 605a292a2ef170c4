// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../interfaces/IChallenge.sol";
import {IGlobalDao} from "../interfaces/IGlobalDao.sol";
import {Domains} from "./Domains.sol";

/// What a challenge and a plan must be; here and not in the challenge, which has no room, and where anyone can ask before
/// proposing a plan.
abstract contract Rules is Domains {
    uint256 private constant MIN_TIME = 1 hours;
    uint256 private constant MAX_TIME = 30 days;
    uint256 private constant MAX_FUNDING = 180 days;
    uint256 private constant MAX_LIFE = 730 days;
    uint256 private constant MIN_GOAL = 10_000;
    uint256 private constant MAX_GOAL = type(uint96).max;
    uint256 private constant MAX_REQUIREMENTS = 32;
    uint256 private constant MAX_TITLE = 200;
    uint256 private constant MAX_TASKS = 32;
    uint256 private constant MIN_WORK = 1 hours;
    uint256 private constant MAX_WORK = 180 days;
    uint256 private constant WHOLE = 10_000;

    /// @inheritdoc IGlobalDao
    function checkPlan(IChallenge.TaskSpec[] calldata tasks, uint256 requirements) external view {
        uint256 count = tasks.length;
        if (count < 2 || count > MAX_TASKS) revert IChallenge.BadTaskCount();
        uint256 weights;
        uint256 covered;
        for (uint256 i; i < count; ++i) {
            IChallenge.TaskSpec calldata t = tasks[i];
            if (bytes(t.title).length == 0) revert IChallenge.BadTitle();
            if (t.weight == 0) revert IChallenge.BadWeights();
            // Only earlier tasks, so no plan has a cycle.
            if (t.dependencies >> i != 0) revert IChallenge.BadDependencies();
            if (!domainExists(t.domain)) revert UnknownDomain();
            if (t.workTime < MIN_WORK || t.workTime > MAX_WORK) revert IChallenge.BadWorkTime();
            weights += t.weight;
            covered |= t.covers;
        }
        if (weights != WHOLE) revert IChallenge.BadWeights();
        if (tasks[count - 1].dependencies != (uint256(1) << (count - 1)) - 1) revert IChallenge.BadDependencies();
        if (covered != (uint256(1) << requirements) - 1) revert IChallenge.RequirementNotCovered();
    }

    function _check(ChallengeParams calldata p) internal view {
        if (unitOf[p.token] == 0) revert TokenNotListed();
        if (bytes(p.title).length == 0 || bytes(p.title).length > MAX_TITLE) revert BadName();
        if (p.goal < MIN_GOAL || p.goal > MAX_GOAL) revert IChallenge.BadGoal();
        if (p.requirements.length == 0 || p.requirements.length > MAX_REQUIREMENTS) {
            revert IChallenge.BadRequirements();
        }
        IChallenge.Terms calldata t = p.terms;
        uint32[5] memory spans = [t.planningTime, t.biddingTime, t.revealTime, t.reviewTime, t.ratingTime];
        for (uint256 i; i < spans.length; ++i) {
            if (spans[i] < MIN_TIME || spans[i] > MAX_TIME) revert IChallenge.BadTerms();
        }
        if (t.fundingUntil <= block.timestamp || t.fundingUntil > block.timestamp + MAX_FUNDING) {
            revert IChallenge.BadTerms();
        }
        if (t.deadline > block.timestamp + MAX_LIFE) revert IChallenge.BadTerms();
        if (t.deadline < uint256(t.fundingUntil) + t.planningTime + t.biddingTime) revert IChallenge.BadTerms();
    }
}
