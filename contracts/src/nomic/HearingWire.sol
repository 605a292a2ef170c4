// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch of approvals. Assembly knows where its fields lie, so their order is part of it.
struct Hearing {
    // 0x00: the approval at hand as EIP-712 hashes it
    bytes32 typeHash;
    uint256 seat;
    uint256 sequence;
    bytes32 spells;
    // 0x80: what is signed; the prefix is 0x1901
    uint256 prefix;
    bytes32 domain;
    bytes32 structHash;
    // 0xe0: what is asked of ecrecover
    bytes32 digest;
    uint256 v;
    bytes32 r;
    bytes32 s;
    // 0x160: the number of the slate; who sits in the seat at hand, and what is locked
    uint256 slate;
    uint256 account;
    uint256 locked;
    // 0x1c0: the word of marks at hand
    uint256 wordIndex;
    uint256 word;
    uint256 wordBefore;
    // 0x220: what came of it, and where the next record of each goes
    bytes counted;
    uint256 countedEnd;
    bytes skipped;
    uint256 skippedEnd;
    // 0x2a0: the calldata: the record at hand, the next one, the end
    uint256 at;
    uint256 next;
    uint256 end;
    // 0x300: slates by the last four bits of their numbers, with their hashes and what moved
    uint256[16] slates;
    bytes32[16] hashes;
    uint256[16] moved;
}

// Where the fields lie that assembly reads and writes, from the beginning of the struct; `Places.t.sol` holds each to its field.
uint256 constant HEARING_SEAT = 0x20;
uint256 constant HEARING_SEQUENCE = 0x40;
// What the approval's hash is of, from 0x00; and the 66 bytes that are signed, which begin with the last two of `prefix`.
uint256 constant HEARING_STRUCT_SIZE = 0x80;
uint256 constant HEARING_SIGNED = 0x9e;
uint256 constant HEARING_STRUCT_HASH = 0xc0;
uint256 constant HEARING_DIGEST = 0xe0;
uint256 constant HEARING_V = 0x100;
uint256 constant HEARING_R = 0x120;
uint256 constant HEARING_S = 0x140;
uint256 constant HEARING_SLATE = 0x160;
uint256 constant HEARING_ACCOUNT = 0x180;
uint256 constant HEARING_LOCKED = 0x1a0;
uint256 constant HEARING_WORD = 0x1e0;
uint256 constant HEARING_COUNTED = 0x220;
uint256 constant HEARING_COUNTED_END = 0x240;
uint256 constant HEARING_SKIPPED = 0x260;
uint256 constant HEARING_SKIPPED_END = 0x280;
uint256 constant HEARING_AT = 0x2a0;
uint256 constant HEARING_NEXT = 0x2c0;
uint256 constant HEARING_END = 0x2e0;
uint256 constant HEARING_SLATES = 0x300;
uint256 constant HEARING_HASHES = 0x320;

/// The hot path of a batch of approvals, in its own memory. Nothing here touches storage, and nothing can revert. Answers are
/// 0 or 1, because a `bool` is cleaned at every turn.
library HearingWire {
    /// How far the first fields of a record are from the end of its first word, in bits; where the others lie, in bytes.
    uint256 internal constant SEAT_SHIFT = 224;
    uint256 internal constant SEQUENCE_SHIFT = 208;
    uint256 internal constant SLATE_SHIFT = 176;
    uint256 internal constant R = 10;
    uint256 internal constant VS = 42;
    uint256 internal constant RECORD = 74;
    uint256 private constant COUNTED_RECORD = 22;
    uint256 private constant SKIPPED_RECORD = 5;
    uint256 private constant HALF_N = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// Takes the calldata in hand, with room for as many results as it may hold records and a word of slack for the last.
    function start(Hearing memory h, bytes calldata approvals) internal pure {
        uint256 at;
        assembly ("memory-safe") {
            at := approvals.offset
        }
        unchecked {
            h.next = at;
            h.end = at + approvals.length;
            uint256 most = approvals.length / RECORD + 1;
            (h.counted, h.countedEnd) = _emptyWithRoom(most * COUNTED_RECORD);
            (h.skipped, h.skippedEnd) = _emptyWithRoom(most * SKIPPED_RECORD);
        }
    }

    /// Turns to the next record. One cut off by the end reads as sequence 0, which is above no other.
    function read(Hearing memory h) internal pure returns (uint256 isThere) {
        assembly ("memory-safe") {
            let at := mload(add(h, HEARING_NEXT))
            let end := mload(add(h, HEARING_END))
            let next := add(at, RECORD)
            isThere := lt(at, end)
            let head := calldataload(at)
            mstore(add(h, HEARING_SEAT), shr(SEAT_SHIFT, head))
            mstore(add(h, HEARING_SEQUENCE), mul(and(shr(SEQUENCE_SHIFT, head), 0xffff), iszero(gt(next, end))))
            mstore(add(h, HEARING_SLATE), and(shr(SLATE_SHIFT, head), 0xffffffff))
            mstore(add(h, HEARING_AT), at)
            mstore(add(h, HEARING_NEXT), next)
        }
    }

    function isStale(Hearing memory h) internal pure returns (uint256 stale) {
        assembly ("memory-safe") {
            let mark := shr(shl(6, and(mload(add(h, HEARING_SEAT)), 3)), mload(add(h, HEARING_WORD)))
            stale := iszero(gt(mload(add(h, HEARING_SEQUENCE)), and(shr(32, mark), 0xffff)))
        }
    }

    /// The hash of the slate at hand when it is among those kept, else 0.
    function knownHash(Hearing memory h) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let slate := mload(add(h, HEARING_SLATE))
            let place := shl(5, and(slate, 15))
            if eq(mload(add(mload(add(h, HEARING_SLATES)), place)), slate) {
                hash := mload(add(mload(add(h, HEARING_HASHES)), place))
            }
        }
    }

    function digestOf(Hearing memory h) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(add(h, HEARING_STRUCT_HASH), keccak256(h, HEARING_STRUCT_SIZE))
            digest := keccak256(add(h, HEARING_SIGNED), 0x42)
        }
    }

    /// 1 when r and vs of the record at hand are the account's signature of it.
    function isSigned(Hearing memory h) internal view returns (uint256 ok) {
        assembly ("memory-safe") {
            let at := mload(add(h, HEARING_AT))
            let vs := calldataload(add(at, VS))
            let s := shr(1, shl(1, vs))
            mstore(add(h, HEARING_STRUCT_HASH), keccak256(h, HEARING_STRUCT_SIZE))
            mstore(add(h, HEARING_DIGEST), keccak256(add(h, HEARING_SIGNED), 0x42))
            mstore(add(h, HEARING_V), add(27, shr(255, vs)))
            mstore(add(h, HEARING_R), calldataload(add(at, R)))
            mstore(add(h, HEARING_S), s)
            mstore(0, 0)
            pop(staticcall(gas(), 1, add(h, HEARING_DIGEST), 0x80, 0, 0x20))
            // The account is never zero, so a failed recovery (which leaves zero) never agrees.
            ok := and(eq(mload(0), mload(add(h, HEARING_ACCOUNT))), iszero(gt(s, HALF_N)))
        }
    }

    /// Writes mark and record; returns the slate that the seat approved before.
    function count(Hearing memory h) internal pure returns (uint256 before) {
        assembly ("memory-safe") {
            let seat := mload(add(h, HEARING_SEAT))
            let mark := or(shl(32, mload(add(h, HEARING_SEQUENCE))), mload(add(h, HEARING_SLATE)))
            let word := mload(add(h, HEARING_WORD))
            let shift := shl(6, and(seat, 3))
            let old := and(shr(shift, word), 0xffffffffffffffff)
            before := and(old, 0xffffffff)
            mstore(add(h, HEARING_WORD), xor(word, shl(shift, xor(old, mark))))
            let end := mload(add(h, HEARING_COUNTED_END))
            mstore(end, or(or(shl(224, seat), shl(176, mark)), shl(80, mload(add(h, HEARING_LOCKED)))))
            mstore(add(h, HEARING_COUNTED_END), add(end, COUNTED_RECORD))
        }
    }

    function skip(Hearing memory h, uint256 why) internal pure {
        assembly ("memory-safe") {
            let end := mload(add(h, HEARING_SKIPPED_END))
            mstore(end, shl(216, or(shl(8, mload(add(h, HEARING_SEAT))), why)))
            mstore(add(h, HEARING_SKIPPED_END), add(end, SKIPPED_RECORD))
        }
    }

    /// Gives both lists of results their lengths.
    function close(Hearing memory h) internal pure {
        assembly ("memory-safe") {
            let list := mload(add(h, HEARING_COUNTED))
            mstore(list, sub(mload(add(h, HEARING_COUNTED_END)), add(list, 0x20)))
            list := mload(add(h, HEARING_SKIPPED))
            mstore(list, sub(mload(add(h, HEARING_SKIPPED_END)), add(list, 0x20)))
        }
    }

    function _emptyWithRoom(uint256 room) private pure returns (bytes memory list, uint256 end) {
        assembly ("memory-safe") {
            list := mload(0x40)
            end := add(list, 0x20)
            mstore(list, 0)
            mstore(0x40, add(list, and(add(room, 0x5f), not(0x1f))))
        }
    }
}
