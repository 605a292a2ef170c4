// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {IChief} from "../interfaces/IChief.sol";
import {Locks} from "./Locks.sol";

/// The chief of the Nomic DAO. Nobody owns it; its parameters never change.
contract Chief is Locks {
    /// Approvals of nobody that it takes to launch.
    uint256 public immutable LAUNCH_THRESHOLD;
    /// Approvals without which nobody is lifted, however tired the hat is.
    uint256 public immutable FLOOR;
    /// Seconds from one lift to the next.
    uint48 public immutable COOL_DOWN;

    /// @inheritdoc IChief
    address public hat;
    uint48 public liftedAt;
    bool public live;

    error NoThreshold();

    constructor(
        address nomic,
        uint256 launchThreshold,
        uint256 floor,
        uint48 coolDown
    ) EIP712("Nomic Chief", "1") LiveIds(LiveIds(nomic).autoIds()) Locks(nomic) {
        if (launchThreshold == 0 || floor == 0) revert NoThreshold();
        LAUNCH_THRESHOLD = launchThreshold;
        FLOOR = floor;
        COOL_DOWN = coolDown;
    }

    /// @inheritdoc IChief
    function vote(uint32 slate) external {
        _vote(_seatOf(msg.sender), slate);
    }

    /// @inheritdoc IChief
    function voteFor(address[] calldata spells) external returns (uint32 slate) {
        slate = _etch(spells);
        _vote(_seatOf(msg.sender), slate);
    }

    /// @inheritdoc IChief
    function launch() external {
        if (live) revert AlreadyLive();
        if (settled(address(0)) < LAUNCH_THRESHOLD) revert TooFewApprovals();
        live = true;
        emit Launched();
    }

    /// @inheritdoc IChief
    function lift(address whom) external {
        if (!live) revert NotLive();
        if (block.timestamp < uint256(liftedAt) + COOL_DOWN) revert CoolingDown();
        address previous = hat;
        uint256 weight = settled(whom);
        if (weight < FLOOR || weight <= approvals(previous)) revert TooFewApprovals();
        (hat, liftedAt) = (whom, uint48(block.timestamp));
        emit Lifted(whom, previous);
    }
}
