// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Batch} from "./Batch.sol";

/// Reading and checking the packed records, and packing what came of them.
library BallotWire {
    uint256 internal constant RECORD = 69;
    uint256 private constant HALF_N = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// Reads the record at a calldata offset into the batch. A record cut off by the end reads as mark 0, which no one can sign.
    function read(Batch memory b, uint256 at, uint256 end) internal pure returns (uint256 next) {
        assembly ("memory-safe") {
            let head := calldataload(at)
            let seat := shr(224, head)
            let mark := byte(4, head)
            let reason := 0
            next := add(at, 69)
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
        }
    }

    function digest(Batch memory b) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, shl(240, 0x1901))
            mstore(add(p, 0x02), mload(add(b, 0xe0)))
            mstore(add(p, 0x22), keccak256(b, 0xe0))
            hash := keccak256(p, 0x42)
        }
    }

    /// Whether r and vs at this calldata offset are the account's signature of the ballot in the batch.
    function isSigned(Batch memory b, uint256 at, address account) internal view returns (bool ok) {
        bytes32 hash = digest(b);
        assembly ("memory-safe") {
            let p := mload(0x40)
            let vs := calldataload(add(at, 0x20))
            let s := and(vs, 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff)
            mstore(p, hash)
            mstore(add(p, 0x20), add(27, shr(255, vs)))
            mstore(add(p, 0x40), calldataload(at))
            mstore(add(p, 0x60), s)
            mstore(0, 0)
            pop(staticcall(gas(), 1, p, 0x80, 0, 0x20))
            // The account is never zero, so a failed recovery (which leaves zero) never agrees.
            ok := and(eq(mload(0), account), iszero(gt(s, HALF_N)))
        }
    }

    /// Room for as many results as records may be in the calldata, and one word of slack for the last write.
    function allocate(Batch memory b, uint256 length) internal pure {
        uint256 most = length / RECORD + 1;
        bytes memory counted = new bytes(most * 17 + 32);
        bytes memory skipped = new bytes(most * 5 + 32);
        assembly ("memory-safe") {
            mstore(counted, 0)
            mstore(skipped, 0)
        }
        b.counted = counted;
        b.skipped = skipped;
    }

    function pushCounted(Batch memory b, uint256 weight) internal pure {
        bytes memory list = b.counted;
        uint256 seat = b.seat;
        uint256 mark = b.mark;
        assembly ("memory-safe") {
            let length := mload(list)
            mstore(add(add(list, 0x20), length), or(or(shl(224, seat), shl(216, mark)), shl(120, weight)))
            mstore(list, add(length, 17))
        }
    }

    function pushSkipped(Batch memory b, uint256 reason) internal pure {
        bytes memory list = b.skipped;
        uint256 seat = b.seat;
        assembly ("memory-safe") {
            let length := mload(list)
            mstore(add(add(list, 0x20), length), or(shl(224, seat), shl(216, reason)))
            mstore(list, add(length, 5))
        }
    }
}
