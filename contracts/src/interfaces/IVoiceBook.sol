// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Voice book: what each seat weighs, kept by the token itself
/// @notice The token's hook is the only writer, so the book neither lies nor lags; who reads it for a past time asks
/// `getPastVotes` when the entry changed since.
interface IVoiceBook {
    /// @param movedAt since when the Auto ID speaks from this seat, 0 when it never spoke from another
    function entry(uint32 seat)
        external
        view
        returns (address account, uint96 votes, uint32 changedAt, uint32 autoId, uint48 movedAt);

    /// @notice Entries of many seats in one call, two words a seat: account << 96 | votes, and moved << 63 | changedAt << 31 | autoId.
    function entries(uint256[] calldata list) external view returns (uint256[] memory packed);

    function movedAt(uint256 seat) external view returns (uint48);
}
