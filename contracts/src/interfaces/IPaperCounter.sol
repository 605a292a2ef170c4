// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Ballot papers: one signature answers all polls that are open together
/// @notice A paper is EIP-712 `Paper(uint256 paper,string weight,Answer[] answers,uint32 seat,uint8 sequence,bytes32 reason)`
/// with `Answer(string poll,string[] choice)` in the domain of this contract. `weight` is "Votes at the opening" or "Votes at
/// the close"; there is one answer for every poll of the paper, in its order: the poll's title, and the labels chosen: one of a
/// single choice, those approved in the order of the poll, those ranked from the first choice on, "Abstain" alone, or none
/// for no answer. A paper replaces the one before it whole.
///
/// On the wire it is a record, best sorted by seat:
///
///     seat   uint32   the voter's seat; the top bit says that a reason's hash follows the signature
///     mark   4, 8, 16 or 32 bytes, the least in which there is room: sequence (8 bits, from 1), then the answers from the
///            lowest bit on, each as wide as its poll says; 0 is no answer, all ones is to abstain
///              single    option's number from 1, in 4 bits, or 5 when there are 15 options
///              approval  a bit an option, the first one lowest, and one more bit
///              ranked    4 bits an option: numbers from 1, the first choice lowest, then zeros
///     r      bytes32
///     vs     bytes32  EIP-2098
///     reason bytes32  keccak256 of the reason, only with the top bit set
///
/// Anybody may relay. A paper that cannot count is skipped with a reason, and never harms the others of its batch.
interface IPaperCounter {
    /// @param records what counts: seat uint32, mark as in the record, weight uint96 (0 where weights are those at the close)
    /// @param skipped 5 bytes a paper that does not: seat uint32, reason uint8 (1 stale or malformed, 2 no such seat, or
    /// taken too late, 3 signature, 4 no weight, 5 the Auto ID is not live)
    event PapersCounted(uint256 indexed paper, bytes records, bytes skipped);

    /// @notice Weights found after the close, of papers that are weighed by the votes at the close.
    /// @param records seat uint32, mark as in the record, weight uint96
    /// @param isDone whether nothing is left to be weighed
    event PapersWeighed(uint256 indexed paper, bytes records, bool isDone);

    /// @notice The single paper does not count, for the same reasons by number.
    error PaperRefused(uint8 reason);

    /// @notice Counts a batch of papers.
    function castPapers(uint256 paper, bytes calldata papers) external;

    /// @notice Counts one paper signed by a smart account (ERC-1271), by a voting key of the seat's Auto ID, or by the
    /// account itself; reverts when it does not count.
    function castPaper(
        uint256 paper,
        uint32 seat,
        uint256 mark,
        bytes32 reason,
        address signer,
        bytes calldata signature
    ) external;

    /// @notice Weighs papers after the close, from where the last call ended; by anyone.
    /// @param most how many seats to look at
    function weigh(uint256 paper, uint256 most) external returns (bool isDone);

    /// @notice What a batch would come to now: one byte a paper, 0 for counted, else the reason.
    function check(uint256 paper, bytes calldata papers) external view returns (bytes memory reasons);

    /// @notice The last mark counted for a seat, 0 for none.
    function markOf(uint256 paper, uint256 seat) external view returns (uint256);
}
