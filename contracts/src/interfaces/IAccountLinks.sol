// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Platform accounts of an id, as salted hashes only: whoever lacks the salt learns nothing by guessing
/// @notice An account belongs to one live id at most. Signed twins are as in `IAutoIds`.
interface IAccountLinks {
    event AccountLinked(uint256 indexed id, bytes32 indexed account);
    event AccountUnlinked(uint256 indexed id, bytes32 indexed account);

    /// @notice Another live id has the account.
    error AccountTaken();
    /// @notice The account is not of this id.
    error NotLinked();

    /// @notice Links an account to the id; by the controller.
    function linkAccount(uint256 id, bytes32 account) external;

    /// @notice The same by the controller who signed
    /// `AccountLink(uint256 id,bytes32 account,uint256 nonce,uint256 deadline)`.
    function linkAccountBySig(
        uint256 id,
        bytes32 account,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Takes an account off the id; by the controller.
    function unlinkAccount(uint256 id, bytes32 account) external;

    /// @notice The same by the controller who signed
    /// `AccountUnlink(uint256 id,bytes32 account,uint256 nonce,uint256 deadline)`.
    function unlinkAccountBySig(
        uint256 id,
        bytes32 account,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice The live id a platform account belongs to, 0 when there is none.
    function idOfAccount(bytes32 account) external view returns (uint256 id);
}
