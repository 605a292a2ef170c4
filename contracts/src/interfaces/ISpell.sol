// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Spell: one decision of the Nomic DAO, to be approved by its address
/// @notice Once it holds the hat, anybody may `schedule` it, which plots its plan in the Pause, and after the delay anybody
/// may `cast` it. It works once.
interface ISpell {
    error AlreadyScheduled();
    error Expired();
    error NotScheduled();

    /// @notice The title of the text that people read before they approve.
    function description() external view returns (string memory);

    /// @notice keccak256 of that text.
    function textHash() external view returns (bytes32);

    /// @notice Last second in which it may be scheduled.
    function expiration() external view returns (uint48);

    /// @notice Whether it works only Monday to Friday, 14:00 to 21:00 UTC.
    function officeHours() external view returns (bool);

    /// @notice What the Pause's proxy runs, by delegatecall, and its code hash.
    function action() external view returns (address);

    function codeHash() external view returns (bytes32);

    function call() external view returns (bytes memory);

    /// @notice From when it may be cast, 0 before it is scheduled.
    function eta() external view returns (uint48);

    /// @notice The earliest time from now on at which it can be cast, 0 when it cannot.
    function nextCastTime() external view returns (uint48);

    function done() external view returns (bool);

    function schedule() external;

    function cast() external returns (bytes memory);
}
