// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// What the charter asks of a DAO.
interface IRuledDao {
    function token() external view returns (address);

    /// @notice The hand of the DAO: what it does was voted for.
    function timelock() external view returns (address);

    /// @notice Whether weights come from the charter; once true, always.
    function ruled() external view returns (bool);

    function seatOf(address account) external view returns (uint32 seat, uint48 since);

    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId);
}
