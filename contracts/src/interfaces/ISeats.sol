// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Seats: dense numbers from 1 for the Auto IDs that vote in a contract
/// @notice A seat gives no right, it makes a vote cheap: anybody may enrol any live Auto ID. An account keeps its seat
/// number for ever; an Auto ID is never in two seats.
interface ISeats {
    event SeatTaken(uint32 indexed seat, uint256 indexed autoId, address indexed account);
    event SeatVacated(uint32 indexed seat, uint256 indexed autoId);

    /// @notice Gives seats to Auto IDs; those seated already or not live are left out.
    function enrol(uint256[] calldata autoIds) external returns (uint256 taken);

    function seatOf(address account) external view returns (uint32 seat, uint48 since);

    /// @param since the seat counts where the snapshot is not before this time
    /// @param autoId 0 when the Auto ID went to another seat
    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId);

    /// @notice How many seats were ever taken; the newest seat.
    function seats() external view returns (uint32);
}
