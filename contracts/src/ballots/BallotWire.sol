// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Batch} from "./Batch.sol";

/// The hot path of a batch, in the batch's own memory: reading packed records, checking marks and signatures, adding up,
/// packing what came of them. Nothing here touches storage, and nothing can revert.
library BallotWire {
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
            b.counted = _emptyWithRoom(most * COUNTED_RECORD);
            b.skipped = _emptyWithRoom(most * SKIPPED_RECORD);
        }
    }

    /// Turns to the next record. One cut off by the end reads as mark 0, which no one can sign.
    function read(Batch memory b) internal pure returns (bool isThere) {
        assembly ("memory-safe") {
            let at := mload(add(b, 0x340))
            let end := mload(add(b, 0x360))
            isThere := lt(at, end)
            let head := calldataload(at)
            let seat := shr(224, head)
            let mark := byte(4, head)
            let reason := 0
            let next := add(at, 69)
            if shr(31, seat) {
                seat := and(seat, 0x7fffffff)
                reason := calldataload(next)
                next := add(next, 32)
            }
            if gt(next, end) {
                mark := 0
                next := end
            }
            mstore(add(b, 0x80), seat)
            mstore(add(b, 0xa0), shr(4, mark))
            mstore(add(b, 0xc0), reason)
            mstore(add(b, 0x1c0), mark)
            mstore(add(b, 0x320), at)
            mstore(add(b, 0x340), next)
            mstore(add(b, 0x380), add(mload(add(b, 0x380)), 1))
        }
    }

    /// Whether the mark may not stand after the old one, or means nothing. Puts the words of its choice into the ballot.
    function isStale(Batch memory b, uint256 old) internal pure returns (bool stale) {
        assembly ("memory-safe") {
            let mark := mload(add(b, 0x1c0))
            let words := mload(add(b, 0x220))
            let choice := and(mark, 15)
            let sequence := shr(4, mark)
            stale := or(
                or(iszero(choice), iszero(lt(choice, mload(words)))),
                or(
                    iszero(gt(sequence, shr(4, old))),
                    or(gt(sequence, mload(add(b, 0x1e0))), gt(old, mload(add(b, 0x200))))
                )
            )
            mstore(add(b, 0x60), mload(add(words, shl(5, add(choice, 1)))))
        }
    }

    function digestOf(Batch memory b) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(add(b, 0x120), keccak256(b, 0xe0))
            digest := keccak256(add(b, 0xfe), 0x42)
        }
    }

    /// Whether r and vs of the record at hand are the account's signature of it.
    function isSigned(Batch memory b) internal view returns (bool ok) {
        uint256 signer = uint160(b.account);
        assembly ("memory-safe") {
            let at := mload(add(b, 0x320))
            let vs := calldataload(add(at, 37))
            let s := shr(1, shl(1, vs))
            mstore(add(b, 0x120), keccak256(b, 0xe0))
            mstore(add(b, 0x140), keccak256(add(b, 0xfe), 0x42))
            mstore(add(b, 0x160), add(27, shr(255, vs)))
            mstore(add(b, 0x180), calldataload(add(at, 5)))
            mstore(add(b, 0x1a0), s)
            mstore(0, 0)
            pop(staticcall(gas(), 1, add(b, 0x140), 0x80, 0, 0x20))
            // The account is never zero, so a failed recovery (which leaves zero) never agrees.
            ok := and(eq(mload(0), signer), iszero(gt(s, HALF_N)))
        }
    }

    function count(Batch memory b, uint256 old, uint256 weight) internal pure {
        assembly ("memory-safe") {
            let seat := mload(add(b, 0x80))
            let mark := mload(add(b, 0x1c0))
            let tally := add(mload(add(b, 0x240)), 0x20)
            let place := add(tally, shl(5, and(mark, 15)))
            mstore(place, add(mload(place), weight))
            if old {
                place := add(tally, shl(5, and(old, 15)))
                mstore(place, sub(mload(place), weight))
            }
            let word := add(b, 0x280)
            mstore(word, xor(mload(word), shl(shl(3, and(seat, 31)), xor(old, mark))))
            let list := mload(add(b, 0x2e0))
            let length := mload(list)
            mstore(add(add(list, 0x20), length), or(or(shl(224, seat), shl(216, mark)), shl(120, weight)))
            mstore(list, add(length, COUNTED_RECORD))
        }
    }

    function skip(Batch memory b) internal pure {
        assembly ("memory-safe") {
            let list := mload(add(b, 0x300))
            let length := mload(list)
            mstore(add(add(list, 0x20), length), or(shl(224, mload(add(b, 0x80))), shl(216, mload(add(b, 0x3a0)))))
            mstore(list, add(length, SKIPPED_RECORD))
        }
    }

    function _emptyWithRoom(uint256 room) private pure returns (bytes memory list) {
        assembly ("memory-safe") {
            list := mload(0x40)
            mstore(list, 0)
            mstore(0x40, add(list, and(add(room, 0x5f), not(0x1f))))
        }
    }
}
