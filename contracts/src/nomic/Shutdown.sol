// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// The emergency exit, for the day when the hat is in bad hands: who joins gives NOMIC away for ever, and at the threshold
/// anybody may fire. Then nothing plotted is ever executed and nothing is plotted any more; what is locked in the Chief is free as
/// ever. The threshold never changes, because a bad hat would raise it first.
contract Shutdown {
    using SafeERC20 for IERC20;

    IERC20 public immutable NOMIC;
    uint256 public immutable THRESHOLD;

    uint256 public joined;
    mapping(address account => uint256) public joinedBy;
    bool public fired;

    event Joined(address indexed account, uint256 amount, uint256 joined);
    event Fired(address indexed by);

    error NoThreshold();
    error NothingToJoin();
    error AlreadyFired();
    error TooFewJoined();

    constructor(IERC20 nomic, uint256 threshold) {
        if (threshold == 0) revert NoThreshold();
        NOMIC = nomic;
        THRESHOLD = threshold;
    }

    /// There is no way back.
    function join(uint256 amount) external {
        if (fired) revert AlreadyFired();
        if (amount == 0) revert NothingToJoin();
        joined += amount;
        joinedBy[msg.sender] += amount;
        emit Joined(msg.sender, amount, joined);
        NOMIC.safeTransferFrom(msg.sender, address(this), amount);
    }

    function fire() external {
        if (fired) revert AlreadyFired();
        if (joined < THRESHOLD) revert TooFewJoined();
        fired = true;
        emit Fired(msg.sender);
    }
}
