// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Keys that may sign ballots for an id: in one contract or everywhere, until a day, and not beyond a rotation
/// @notice Whether a key may is `keyOk` of the registry. Signed twins are as in `IAutoIds`.
interface IVotingKeys {
    /// @param scope the contract whose ballots the key may sign, zero for all
    /// @param expiry last second, 0 when the key was taken away
    event KeySet(uint256 indexed id, address indexed key, address indexed scope, uint48 expiry);

    /// @notice Lets a key sign for the id until `expiry`, its last second; 0 takes it away. By the controller.
    function setKey(uint256 id, address key, address scope, uint48 expiry) external;

    /// @notice The same by the controller who signed
    /// `VotingKey(uint256 id,address key,address scope,uint48 expiry,uint256 nonce,uint256 deadline)`.
    function setKeyBySig(
        uint256 id,
        address key,
        address scope,
        uint48 expiry,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;
}
