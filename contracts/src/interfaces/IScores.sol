// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "./IAutoIds.sol";

/// The registry with what organisations say about its ids.
interface IScores is IAutoIds {
    /// @notice The score, 0 to 100, and when it was given.
    function scoreOf(uint256 id, uint256 attestor, bytes32 topic) external view returns (uint8 score, uint48 at);
}
