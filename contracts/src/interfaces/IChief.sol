// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Chief: approval voting with locked NOMIC for who holds the hat
/// @notice Who locks NOMIC gets a seat and approves a slate of up to five spells with everything that is locked. Approvals
/// have no end: they move with every lock, free and change of mind. The spell with the most may be lifted, and only the
/// hat may plot in the Pause.
///
/// An approval is EIP-712 `Approval(uint32 seat,uint16 sequence,address[] spells)` in the domain `Nomic Chief`, version 1. On
/// the wire it is a record of 74 bytes, best sorted by seat:
///
///     seat     uint32
///     sequence uint16   above the last one counted for the seat
///     slate    uint32   the number under which the signed list was etched
///     r        bytes32
///     vs       bytes32  EIP-2098
///
/// Anybody may relay. An approval that cannot count is skipped with a reason, and never harms the others of its batch. A
/// signature of the account itself needs no Auto ID, as its own transaction needs none: what counts is what it locked, which
/// no other seat can count. A voting key speaks for an account through the live Auto ID that the account controls.
interface IChief {
    event Seated(uint32 indexed seat, address indexed account);
    event Locked(uint32 indexed seat, uint256 amount);
    event Freed(uint32 indexed seat, uint256 amount);
    event Etched(uint32 indexed slate, address[] spells);

    /// @param records 22 bytes an approval that counts, relayed or of the wallet itself: seat uint32, sequence uint16,
    /// slate uint32, weight uint96
    /// @param skipped 5 bytes an approval that does not: seat uint32, reason uint8 (1 stale or malformed, 2 no such seat,
    /// 3 signature, 4 nothing locked, 6 no such slate)
    event ApprovalsCounted(bytes records, bytes skipped);

    event Launched();
    event Lifted(address indexed hat, address indexed previous);

    /// @notice The single approval does not count, for the same reasons by number.
    error ApprovalRefused(uint8 reason);
    error NoSeat();
    error NothingToLock();
    error MoreThanLocked();
    error SignatureExpired();
    error WrongSignature();
    error UnknownSlate();
    error BadSlate();
    error AlreadyLive();
    error NotLive();
    error CoolingDown();
    error TooFewApprovals();

    /// @notice Locks NOMIC of the caller, in a vault of the caller's own that lends its votes to whom the caller delegates.
    function lock(uint96 amount) external;

    /// @notice Locks NOMIC of an account by its permit of ERC-2612 for the chief; anybody may bring it.
    function lockWithPermit(
        address account,
        uint96 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Gives locked NOMIC back; at any time.
    function free(uint96 amount) external;

    /// @notice The same for an account that signed `Free(address account,uint96 amount,uint256 nonce,uint256 deadline)`.
    function freeBySig(
        address account,
        uint96 amount,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Lets the vault of an account lend its votes as the account itself does now; by anyone.
    function follow(address account) external;

    /// @notice Names a list of spells, in strictly ascending order, that may be approved by its number from then on.
    function etch(address[] calldata spells) external returns (uint32 slate);

    /// @notice Approves a slate with all that the caller has locked. A signed approval with the next sequence dies of it.
    function vote(uint32 slate) external;

    /// @notice Etches and approves.
    function voteFor(address[] calldata spells) external returns (uint32 slate);

    /// @notice Counts a batch of signed approvals.
    function castApprovals(bytes calldata approvals) external;

    /// @notice Counts one approval signed by a smart account (ERC-1271), by a voting key of the account's Auto ID, or by the
    /// account itself; reverts when it does not count.
    function castApproval(
        uint32 seat,
        uint16 sequence,
        uint32 slate,
        address signer,
        bytes calldata signature
    ) external;

    /// @notice What a batch would come to now: one byte an approval, 0 for counted, else the reason.
    function check(bytes calldata approvals) external view returns (bytes memory reasons);

    /// @notice Wakes the chief, once, when nobody (the zero address) holds enough approvals of weight that may lift.
    function launch() external;

    /// @notice Gives the hat to who has more approvals than the hat, and not fewer than the floor. What counts is the least
    /// that stood on the candidate since before this second, so that nothing borrowed for a block lifts; on the hat's side
    /// all counts. By anyone.
    function lift(address whom) external;

    function hat() external view returns (address);

    /// @notice All NOMIC that approves of a spell now.
    function approvals(address spell) external view returns (uint256);

    /// @notice What of it may lift: the least since before this second.
    function settled(address spell) external view returns (uint256);

    function seatOf(address account) external view returns (uint32);

    function seatInfo(
        uint32 seat
    ) external view returns (address account, uint96 locked, uint16 sequence, uint32 slate);

    /// @notice How many seats were ever taken; the newest seat.
    function seats() external view returns (uint32);

    function spellsOf(uint32 slate) external view returns (address[] memory);

    /// @notice The number of a list of spells, 0 when it was never etched.
    function slateOf(address[] calldata spells) external view returns (uint32);

    /// @notice Where the locked NOMIC of an account is.
    function vaultOf(address account) external view returns (address);
}
