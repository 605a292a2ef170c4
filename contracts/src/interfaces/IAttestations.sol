// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What organisations say about ids
/// @notice Any live organisation may speak; who reads decides whom to believe. Signed twins are as in `IAutoIds`.
interface IAttestations {
    event Attested(uint256 indexed id, uint256 indexed attestor, bytes32 indexed topic, uint8 score);
    event Claimed(uint256 indexed id, uint256 indexed attestor, bytes32 indexed claim);

    /// @notice Who speaks does not control a live organisation.
    error NotAnAttestor();
    /// @notice A score is at most 100.
    error ScoreTooHigh();
    /// @notice The attestor tied the claim to another live id.
    error ClaimTaken();

    /// @notice Score of an id in a topic, 0 to 100; 0 takes it back.
    function attest(uint256 id, bytes32 topic, uint8 score) external;

    /// @notice The same by the attestor's controller, who signed
    /// `Attestation(uint256 id,bytes32 topic,uint8 score,uint256 nonce,uint256 deadline)`.
    function attestBySig(
        address attestor,
        uint256 id,
        bytes32 topic,
        uint8 score,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ties something that exists once (the hash of a passport, of a mail address) to one id.
    function claim(uint256 id, bytes32 claimHash) external;

    /// @notice The same by the attestor's controller, who signed
    /// `UniqueClaim(uint256 id,bytes32 claim,uint256 nonce,uint256 deadline)`.
    function claimBySig(
        address attestor,
        uint256 id,
        bytes32 claimHash,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice The score, 0 to 100, and when it was given.
    function scoreOf(uint256 id, uint256 attestor, bytes32 topic) external view returns (uint8 score, uint48 at);

    /// @notice The id that holds a claim, 0 when none or when that id is not live.
    function holderOf(uint256 attestor, bytes32 claimHash) external view returns (uint256 id);
}
