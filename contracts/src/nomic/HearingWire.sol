// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch of approvals. `HearingWire` knows the places of the fields.
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

/// The hot path of a batch of approvals, in its own memory. Nothing here touches storage, and nothing can revert. Answers are
/// 0 or 1, because a `bool` is cleaned at every turn.
library HearingWire {
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
            let at := mload(add(h, 0x2c0))
            let end := mload(add(h, 0x2e0))
            let next := add(at, RECORD)
            isThere := lt(at, end)
            let head := calldataload(at)
            mstore(add(h, 0x20), shr(224, head))
            mstore(add(h, 0x40), mul(and(shr(208, head), 0xffff), iszero(gt(next, end))))
            mstore(add(h, 0x160), and(shr(176, head), 0xffffffff))
            mstore(add(h, 0x2a0), at)
            mstore(add(h, 0x2c0), next)
        }
    }

    function isStale(Hearing memory h) internal pure returns (uint256 stale) {
        assembly ("memory-safe") {
            let mark := shr(shl(6, and(mload(add(h, 0x20)), 3)), mload(add(h, 0x1e0)))
            stale := iszero(gt(mload(add(h, 0x40)), and(shr(32, mark), 0xffff)))
        }
    }

    /// The hash of the slate at hand when it is among those kept, else 0.
    function knownHash(Hearing memory h) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let slate := mload(add(h, 0x160))
            let place := shl(5, and(slate, 15))
            if eq(mload(add(mload(add(h, 0x300)), place)), slate) {
                hash := mload(add(mload(add(h, 0x320)), place))
            }
        }
    }

    function digestOf(Hearing memory h) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(add(h, 0xc0), keccak256(h, 0x80))
            digest := keccak256(add(h, 0x9e), 0x42)
        }
    }

    /// 1 when r and vs of the record at hand are the account's signature of it.
    function isSigned(Hearing memory h) internal view returns (uint256 ok) {
        assembly ("memory-safe") {
            let at := mload(add(h, 0x2a0))
            let vs := calldataload(add(at, 42))
            let s := shr(1, shl(1, vs))
            mstore(add(h, 0xc0), keccak256(h, 0x80))
            mstore(add(h, 0xe0), keccak256(add(h, 0x9e), 0x42))
            mstore(add(h, 0x100), add(27, shr(255, vs)))
            mstore(add(h, 0x120), calldataload(add(at, 10)))
            mstore(add(h, 0x140), s)
            mstore(0, 0)
            pop(staticcall(gas(), 1, add(h, 0xe0), 0x80, 0, 0x20))
            // The account is never zero, so a failed recovery (which leaves zero) never agrees.
            ok := and(eq(mload(0), mload(add(h, 0x180))), iszero(gt(s, HALF_N)))
        }
    }

    /// Writes mark and record; returns the slate that the seat approved before.
    function count(Hearing memory h) internal pure returns (uint256 before) {
        assembly ("memory-safe") {
            let seat := mload(add(h, 0x20))
            let mark := or(shl(32, mload(add(h, 0x40))), mload(add(h, 0x160)))
            let word := mload(add(h, 0x1e0))
            let shift := shl(6, and(seat, 3))
            let old := and(shr(shift, word), 0xffffffffffffffff)
            before := and(old, 0xffffffff)
            mstore(add(h, 0x1e0), xor(word, shl(shift, xor(old, mark))))
            let end := mload(add(h, 0x240))
            mstore(end, or(or(shl(224, seat), shl(176, mark)), shl(80, mload(add(h, 0x1a0)))))
            mstore(add(h, 0x240), add(end, COUNTED_RECORD))
        }
    }

    function skip(Hearing memory h, uint256 why) internal pure {
        assembly ("memory-safe") {
            let end := mload(add(h, 0x280))
            mstore(end, shl(216, or(shl(8, mload(add(h, 0x20))), why)))
            mstore(add(h, 0x280), add(end, SKIPPED_RECORD))
        }
    }

    /// Gives both lists of results their lengths.
    function close(Hearing memory h) internal pure {
        assembly ("memory-safe") {
            let list := mload(add(h, 0x220))
            mstore(list, sub(mload(add(h, 0x240)), add(list, 0x20)))
            list := mload(add(h, 0x260))
            mstore(list, sub(mload(add(h, 0x280)), add(list, 0x20)))
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
