// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Batch} from "../ballots/Batch.sol";
import {Sheet} from "./Sheet.sol";

/// The hot path of a batch of papers, beside `BallotWire`, with which it shares the batch's memory. Nothing here touches
/// storage, and nothing can revert.
library PaperWire {
    uint256 private constant RECORD = 72;
    uint256 private constant SKIPPED_RECORD = 5;

    /// Takes the calldata in hand. Results are never longer than the records they are of.
    function begin(Batch memory b, bytes calldata papers) internal pure {
        uint256 at;
        assembly ("memory-safe") {
            at := papers.offset
        }
        unchecked {
            b.next = at;
            b.end = at + papers.length;
            (b.counted, b.countedEnd) = _emptyWithRoom(papers.length + RECORD);
            (b.skipped, b.skippedEnd) = _emptyWithRoom((papers.length / RECORD + 1) * SKIPPED_RECORD);
        }
    }

    /// Turns to the next record. One cut off by the end reads as mark 0, which no one can sign.
    function read(Batch memory b, Sheet memory s) internal pure returns (uint256 isThere) {
        assembly ("memory-safe") {
            let at := mload(add(b, 0x3e0))
            let end := mload(add(b, 0x400))
            isThere := lt(at, end)
            let seat := shr(224, calldataload(at))
            let bits := mload(s)
            let mark := shr(sub(256, bits), calldataload(add(at, 4)))
            let reason := 0
            // Five bytes before the signature is where a record of `BallotWire` would begin.
            at := add(at, sub(shr(3, bits), 1))
            let next := add(at, 69)
            if shr(31, seat) {
                seat := and(seat, 0x7fffffff)
                reason := calldataload(next)
                next := add(next, 32)
            }
            mark := mul(mark, iszero(gt(next, end)))
            mstore(add(b, 0x80), seat)
            mstore(add(b, 0xa0), shr(sub(bits, 8), mark))
            mstore(add(b, 0xc0), reason)
            mstore(add(b, 0x220), mark)
            mstore(add(b, 0x3c0), at)
            mstore(add(b, 0x3e0), next)
            mstore(add(b, 0x420), add(mload(add(b, 0x420)), 0x40))
        }
    }

    /// 1 when the mark may not stand after the seat's mark in the status word, or means nothing. Puts the hash of the
    /// answers into the ballot.
    function isStale(Batch memory b, Sheet memory s) internal pure returns (uint256 stale) {
        assembly ("memory-safe") {
            let bits := mload(s)
            let perWord := mload(add(s, 0x20))
            let place := mul(and(mload(add(b, 0x80)), sub(shl(perWord, 1), 1)), bits)
            let old := byte(0, shl(sub(sub(256, place), bits), mload(add(b, 0x2e0))))
            stale := iszero(gt(mload(add(b, 0xa0)), old))
        }
        if (stale == 0) stale = 1 - answers(b, s);
    }

    /// Hashes what the mark says; returns 0 when it says nothing that can be answered.
    function answers(Batch memory b, Sheet memory s) internal pure returns (uint256 valid) {
        assembly ("memory-safe") {
            /// The hash of an answer of any kind, and whether it is one; uses memory from `scratch` on.
            function hashed(q, answer, scratch) -> hash, ok {
                let options := mload(add(q, 0x60))
                let words := mload(add(q, 0xe0))
                let from := words
                // To abstain is one word, the first; no answer is none.
                let length := shl(5, eq(answer, mload(q)))
                ok := 1
                if and(gt(answer, 0), iszero(length)) {
                    switch mload(add(q, 0x40))
                    case 0 {
                        from := add(words, shl(5, answer))
                        length := 0x20
                        ok := iszero(gt(answer, options))
                    }
                    case 1 {
                        from := scratch
                        ok := iszero(shr(options, answer))
                        for {
                            let rest := answer
                        } rest {
                            rest := shr(1, rest)
                        } {
                            words := add(words, 0x20)
                            mstore(add(scratch, length), mload(words))
                            length := add(length, shl(5, and(rest, 1)))
                        }
                    }
                    default {
                        from := scratch
                        let seen := 1
                        for {
                            let rest := answer
                        } rest {
                            rest := shr(4, rest)
                        } {
                            let option := and(rest, 15)
                            // A gap, an option twice, or one that there is not.
                            ok := and(ok, iszero(or(and(shr(option, seen), 1), gt(option, options))))
                            seen := or(seen, shl(option, 1))
                            mstore(add(scratch, length), mload(add(words, shl(5, option))))
                            length := add(length, 0x20)
                        }
                    }
                }
                mstore(add(q, 0xc0), keccak256(from, length))
                hash := keccak256(add(q, 0x80), 0x60)
            }

            let rest := mload(add(b, 0x220))
            valid := iszero(and(rest, mload(add(s, 0x40))))
            let list := mload(add(s, 0x60))
            let size := shl(5, mload(list))
            let hashes := mload(0x40)
            for {
                let i := 0
            } lt(i, size) {} {
                let at := add(hashes, i)
                i := add(i, 0x20)
                let q := mload(add(list, i))
                let answer := and(rest, mload(q))
                rest := shr(mload(add(q, 0x20)), rest)
                switch mload(add(q, 0x40))
                case 0 {
                    let place := add(add(mload(add(q, 0x100)), 0x20), shl(5, answer))
                    let hash := mload(place)
                    if iszero(hash) {
                        let ok
                        hash, ok := hashed(q, answer, add(hashes, size))
                        valid := and(valid, ok)
                        mstore(place, mul(hash, ok))
                    }
                    mstore(at, hash)
                }
                default {
                    let hash, ok := hashed(q, answer, add(hashes, size))
                    valid := and(valid, ok)
                    mstore(at, hash)
                }
            }
            mstore(add(b, 0x60), keccak256(hashes, size))
        }
    }

    /// Puts the mark into the seat's place of the status word; returns what was there.
    function turn(Batch memory b, Sheet memory s) internal pure returns (uint256 old) {
        assembly ("memory-safe") {
            let bits := mload(s)
            let seat := mload(add(b, 0x80))
            let mark := mload(add(b, 0x220))
            let word := mload(add(b, 0x2e0))
            let place := mul(and(seat, sub(shl(mload(add(s, 0x20)), 1), 1)), bits)
            old := shr(sub(256, bits), shl(sub(sub(256, place), bits), word))
            mstore(add(b, 0x2e0), xor(word, shl(place, xor(old, mark))))
        }
    }

    /// Appends a record of the mark at hand and its weight.
    function record(Batch memory b, Sheet memory s, uint256 weight) internal pure {
        assembly ("memory-safe") {
            let bits := mload(s)
            let end := mload(add(b, 0x360))
            mstore(end, shl(224, mload(add(b, 0x80))))
            mstore(add(end, 4), shl(sub(256, bits), mload(add(b, 0x220))))
            end := add(add(end, 4), shr(3, bits))
            mstore(end, shl(160, weight))
            mstore(add(b, 0x360), add(end, 12))
        }
    }

    /// Adds the difference to everything that the mark says. Rankings are kept apart, by the counter.
    function tally(Sheet memory s, uint256 mark, uint256 difference) internal pure {
        assembly ("memory-safe") {
            let at := mload(add(s, 0x60))
            let end := add(at, shl(5, mload(at)))
            for {} lt(at, end) {} {
                at := add(at, 0x20)
                let q := mload(at)
                let answer := and(mark, mload(q))
                mark := shr(mload(add(q, 0x20)), mark)
                let cells := add(mload(add(q, 0x120)), 0x20)
                switch mload(add(q, 0x40))
                case 0 {
                    let place := add(cells, shl(5, answer))
                    mstore(place, add(mload(place), difference))
                }
                default {
                    let isChoice := and(gt(answer, 0), iszero(eq(answer, mload(q))))
                    // All who chose, or those who abstain; no answer is nothing.
                    let place := add(cells, mul(isChoice, add(0x20, shl(5, mload(add(q, 0x60))))))
                    mstore(place, add(mload(place), mul(gt(answer, 0), difference)))
                    for {
                        let rest := mul(answer, and(isChoice, eq(mload(add(q, 0x40)), 1)))
                    } rest {
                        rest := shr(1, rest)
                    } {
                        cells := add(cells, 0x20)
                        mstore(cells, add(mload(cells), mul(and(rest, 1), difference)))
                    }
                }
            }
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
