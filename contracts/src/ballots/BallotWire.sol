// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Batch,
    BATCH_ACCOUNT,
    BATCH_AT,
    BATCH_CHOICE,
    BATCH_COUNTED,
    BATCH_COUNTED_END,
    BATCH_DIGEST,
    BATCH_END,
    BATCH_ENTRY,
    BATCH_IS_FINAL,
    BATCH_LAST_SEQUENCE,
    BATCH_MARK,
    BATCH_NEXT,
    BATCH_R,
    BATCH_REASON,
    BATCH_S,
    BATCH_SEAT,
    BATCH_SEQUENCE,
    BATCH_SIGNED,
    BATCH_SKIPPED,
    BATCH_SKIPPED_END,
    BATCH_STRUCT_HASH,
    BATCH_STRUCT_SIZE,
    BATCH_TALLY,
    BATCH_V,
    BATCH_WORD,
    BATCH_WORDS
} from "./Batch.sol";

/// The hot path of a batch, in the batch's own memory: reading packed records, checking marks and signatures, adding up,
/// packing what came of them. Nothing here touches storage, and nothing can revert. Answers are 0 or 1, because a `bool` is
/// cleaned at every turn.
library BallotWire {
    /// Where a record has its fields behind the seat; a reason, if there is one, follows it.
    uint256 internal constant MARK = 4;
    uint256 internal constant R = 5;
    uint256 internal constant VS = 37;
    uint256 internal constant RECORD = 69;
    uint256 private constant COUNTED_RECORD = 17;
    uint256 private constant SKIPPED_RECORD = 5;
    uint256 private constant HALF_N = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// Takes the calldata in hand, with room for as many results as it may hold records and a word of slack for the last.
    function start(Batch memory b, bytes calldata ballots) internal pure {
        uint256 at;
        assembly ("memory-safe") {
            at := ballots.offset
        }
        unchecked {
            b.next = at;
            b.end = at + ballots.length;
            uint256 most = ballots.length / RECORD + 1;
            (b.counted, b.countedEnd) = _emptyWithRoom(most * COUNTED_RECORD);
            (b.skipped, b.skippedEnd) = _emptyWithRoom(most * SKIPPED_RECORD);
        }
    }

    /// Turns to the next record. One cut off by the end reads as mark 0, which no one can sign.
    function read(Batch memory b) internal pure returns (uint256 isThere) {
        assembly ("memory-safe") {
            let at := mload(add(b, BATCH_NEXT))
            let end := mload(add(b, BATCH_END))
            isThere := lt(at, end)
            let head := calldataload(at)
            let seat := shr(224, head)
            let mark := byte(MARK, head)
            let reason := 0
            let next := add(at, RECORD)
            if shr(31, seat) {
                seat := and(seat, 0x7fffffff)
                reason := calldataload(next)
                next := add(next, 32)
            }
            mark := mul(mark, iszero(gt(next, end)))
            mstore(add(b, BATCH_SEAT), seat)
            mstore(add(b, BATCH_SEQUENCE), shr(4, mark))
            mstore(add(b, BATCH_REASON), reason)
            mstore(add(b, BATCH_MARK), mark)
            mstore(add(b, BATCH_AT), at)
            mstore(add(b, BATCH_NEXT), next)
            mstore(add(b, BATCH_ENTRY), add(mload(add(b, BATCH_ENTRY)), 0x40))
        }
    }

    /// 1 when the mark may not stand after the seat's mark in the status word, or means nothing. Puts the words of its
    /// choice into the ballot.
    function isStale(Batch memory b) internal pure returns (uint256 stale) {
        assembly ("memory-safe") {
            let old := byte(sub(31, and(mload(add(b, BATCH_SEAT)), 31)), mload(add(b, BATCH_WORD)))
            let sequence := mload(add(b, BATCH_SEQUENCE))
            let words := mload(add(mload(add(b, BATCH_WORDS)), shl(5, and(mload(add(b, BATCH_MARK)), 15))))
            mstore(add(b, BATCH_CHOICE), words)
            // Sequence 0 wraps around and is above the last one.
            stale := or(iszero(words), iszero(lt(sub(sequence, 1), mload(add(b, BATCH_LAST_SEQUENCE)))))
            if old {
                stale := or(stale, or(mload(add(b, BATCH_IS_FINAL)), iszero(gt(sequence, shr(4, old)))))
            }
        }
    }

    function digestOf(Batch memory b) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(add(b, BATCH_STRUCT_HASH), keccak256(b, BATCH_STRUCT_SIZE))
            digest := keccak256(add(b, BATCH_SIGNED), 0x42)
        }
    }

    /// 1 when r and vs of the record at hand are the account's signature of it.
    function isSigned(Batch memory b) internal view returns (uint256 ok) {
        assembly ("memory-safe") {
            let at := mload(add(b, BATCH_AT))
            let vs := calldataload(add(at, VS))
            let s := shr(1, shl(1, vs))
            mstore(add(b, BATCH_STRUCT_HASH), keccak256(b, BATCH_STRUCT_SIZE))
            mstore(add(b, BATCH_DIGEST), keccak256(add(b, BATCH_SIGNED), 0x42))
            mstore(add(b, BATCH_V), add(27, shr(255, vs)))
            mstore(add(b, BATCH_R), calldataload(add(at, R)))
            mstore(add(b, BATCH_S), s)
            mstore(0, 0)
            pop(staticcall(gas(), 1, add(b, BATCH_DIGEST), 0x80, 0, 0x20))
            // The account is never zero, so a failed recovery (which leaves zero) never agrees.
            ok := and(eq(mload(0), mload(add(b, BATCH_ACCOUNT))), iszero(gt(s, HALF_N)))
        }
    }

    /// Takes back what the seat's old mark gave, and gives to the new one.
    function count(Batch memory b, uint256 weight) internal pure returns (uint256 old) {
        assembly ("memory-safe") {
            let seat := mload(add(b, BATCH_SEAT))
            let mark := mload(add(b, BATCH_MARK))
            let word := mload(add(b, BATCH_WORD))
            let shift := shl(3, and(seat, 31))
            old := and(shr(shift, word), 0xff)
            mstore(add(b, BATCH_WORD), xor(word, shl(shift, xor(old, mark))))
            let tally := mload(add(b, BATCH_TALLY))
            let place := add(tally, shl(5, and(mark, 15)))
            mstore(place, add(mload(place), weight))
            if old {
                place := add(tally, shl(5, and(old, 15)))
                mstore(place, sub(mload(place), weight))
            }
            let end := mload(add(b, BATCH_COUNTED_END))
            mstore(end, or(shl(216, or(shl(8, seat), mark)), shl(120, weight)))
            mstore(add(b, BATCH_COUNTED_END), add(end, COUNTED_RECORD))
        }
    }

    function skip(Batch memory b, uint256 why) internal pure {
        assembly ("memory-safe") {
            let end := mload(add(b, BATCH_SKIPPED_END))
            mstore(end, shl(216, or(shl(8, mload(add(b, BATCH_SEAT))), why)))
            mstore(add(b, BATCH_SKIPPED_END), add(end, SKIPPED_RECORD))
        }
    }

    /// Gives both lists of results their lengths.
    function close(Batch memory b) internal pure {
        assembly ("memory-safe") {
            let list := mload(add(b, BATCH_COUNTED))
            mstore(list, sub(mload(add(b, BATCH_COUNTED_END)), add(list, 0x20)))
            list := mload(add(b, BATCH_SKIPPED))
            mstore(list, sub(mload(add(b, BATCH_SKIPPED_END)), add(list, 0x20)))
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
