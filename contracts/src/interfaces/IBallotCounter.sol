// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Relayed ballots, counted in batches
/// @notice A ballot is EIP-712 `Ballot(uint256 proposalId,string proposal,string choice,uint32 seat,uint8 sequence,bytes32 reason)`
/// in the domain of this contract. On the wire it is a record of 69 bytes, best sorted by seat:
///
///     seat   uint32   the voter's seat; the top bit says that a reason's hash follows the signature
///     mark   uint8    sequence (4 bits) << 4 | choice (4 bits, from 1)
///     r      bytes32
///     vs     bytes32  EIP-2098
///     reason bytes32  keccak256 of the reason, only with the top bit set (record of 101 bytes)
///
/// Anybody may relay. A ballot that cannot count is skipped with a reason, and never harms the others of its batch.
interface IBallotCounter {
    /// @param records 17 bytes a ballot that counts: seat uint32, mark uint8, weight uint96
    /// @param skipped 5 bytes a ballot that does not: seat uint32, reason uint8 (1 stale or malformed, 2 no such seat, or
    /// taken too late, 3 signature, 4 no weight, 5 the Auto ID is not live)
    event BallotsCounted(uint256 indexed proposalId, bytes records, bytes skipped);

    /// @notice The single ballot does not count, for the same reasons by number.
    error BallotRefused(uint8 reason);

    /// @notice Counts a batch of ballots.
    function castBallots(uint256 proposalId, bytes calldata ballots) external;

    /// @notice Counts one ballot signed by a smart account (ERC-1271), by a voting key of the seat's Auto ID, or by the
    /// account itself; reverts when it does not count.
    function castBallot(
        uint256 proposalId,
        uint32 seat,
        uint8 mark,
        bytes32 reason,
        address signer,
        bytes calldata signature
    ) external;

    /// @notice What a batch would come to now: one byte a ballot, 0 for counted, else the reason.
    function check(uint256 proposalId, bytes calldata ballots) external view returns (bytes memory reasons);

    /// @notice The last mark counted for a seat, 0 for none.
    function markOf(uint256 proposalId, uint256 seat) external view returns (uint256);
}
