// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Batch,
    BATCH_AT,
    BATCH_CHOICE,
    BATCH_COUNTED_END,
    BATCH_END,
    BATCH_ENTRY,
    BATCH_MARK,
    BATCH_NEXT,
    BATCH_REASON,
    BATCH_SEAT,
    BATCH_SEQUENCE,
    BATCH_WORD
} from "../ballots/Batch.sol";
import {
    QUESTION_CHOICE,
    QUESTION_KIND,
    QUESTION_KNOWN,
    QUESTION_MASK,
    QUESTION_OPTIONS,
    QUESTION_TALLY,
    QUESTION_TYPE_HASH,
    QUESTION_WIDTH,
    QUESTION_WORDS,
    SHEET_PER_WORD,
    SHEET_QUESTIONS,
    SHEET_SEAT_BITS,
    SHEET_UNUSED,
    Sheet
} from "./Sheet.sol";

/// The hot path of a batch of papers, beside `BallotWire`, with which it shares the batch's memory. Nothing here touches
/// storage, and nothing can revert.
library PaperWire {
    /// Where a record has its mark, behind the seat; and the least that a record takes.
    uint256 internal constant MARK = 4;
    uint256 private constant RECORD = 72;
    /// As `BallotWire.RECORD`.
    uint256 private constant BALLOT_RECORD = 69;
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
            let at := mload(add(b, BATCH_NEXT))
            let end := mload(add(b, BATCH_END))
            isThere := lt(at, end)
            let seat := shr(224, calldataload(at))
            let bits := mload(add(s, SHEET_SEAT_BITS))
            let mark := shr(sub(256, bits), calldataload(add(at, MARK)))
            let reason := 0
            // Where a record of `BallotWire` would begin, with the same signature.
            at := add(at, sub(shr(3, bits), 1))
            let next := add(at, BALLOT_RECORD)
            if shr(31, seat) {
                seat := and(seat, 0x7fffffff)
                reason := calldataload(next)
                next := add(next, 32)
            }
            mark := mul(mark, iszero(gt(next, end)))
            mstore(add(b, BATCH_SEAT), seat)
            mstore(add(b, BATCH_SEQUENCE), shr(sub(bits, 8), mark))
            mstore(add(b, BATCH_REASON), reason)
            mstore(add(b, BATCH_MARK), mark)
            mstore(add(b, BATCH_AT), at)
            mstore(add(b, BATCH_NEXT), next)
            mstore(add(b, BATCH_ENTRY), add(mload(add(b, BATCH_ENTRY)), 0x40))
        }
    }

    /// 1 when the mark may not stand after the seat's mark in the status word, or means nothing. Puts the hash of the
    /// answers into the ballot.
    function isStale(Batch memory b, Sheet memory s) internal pure returns (uint256 stale) {
        assembly ("memory-safe") {
            let bits := mload(add(s, SHEET_SEAT_BITS))
            let perWord := mload(add(s, SHEET_PER_WORD))
            let place := mul(and(mload(add(b, BATCH_SEAT)), sub(shl(perWord, 1), 1)), bits)
            let old := byte(0, shl(sub(sub(256, place), bits), mload(add(b, BATCH_WORD))))
            stale := iszero(gt(mload(add(b, BATCH_SEQUENCE)), old))
        }
        if (stale == 0) stale = 1 - answers(b, s);
    }

    /// Hashes what the mark says; returns 0 when it says nothing that can be answered.
    function answers(Batch memory b, Sheet memory s) internal pure returns (uint256 valid) {
        assembly ("memory-safe") {
            /// The hash of an answer of any kind, and whether it is one; uses memory from `scratch` on.
            function hashed(q, answer, scratch) -> hash, ok {
                let options := mload(add(q, QUESTION_OPTIONS))
                let words := mload(add(q, QUESTION_WORDS))
                let from := words
                // To abstain is one word, the first; no answer is none.
                let length := shl(5, eq(answer, mload(add(q, QUESTION_MASK))))
                ok := 1
                if and(gt(answer, 0), iszero(length)) {
                    switch mload(add(q, QUESTION_KIND))
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
                mstore(add(q, QUESTION_CHOICE), keccak256(from, length))
                hash := keccak256(add(q, QUESTION_TYPE_HASH), 0x60)
            }

            let rest := mload(add(b, BATCH_MARK))
            valid := iszero(and(rest, mload(add(s, SHEET_UNUSED))))
            let list := mload(add(s, SHEET_QUESTIONS))
            let size := shl(5, mload(list))
            let hashes := mload(0x40)
            for {
                let i := 0
            } lt(i, size) {} {
                let at := add(hashes, i)
                i := add(i, 0x20)
                let q := mload(add(list, i))
                let answer := and(rest, mload(add(q, QUESTION_MASK)))
                rest := shr(mload(add(q, QUESTION_WIDTH)), rest)
                switch mload(add(q, QUESTION_KIND))
                case 0 {
                    let place := add(add(mload(add(q, QUESTION_KNOWN)), 0x20), shl(5, answer))
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
            mstore(add(b, BATCH_CHOICE), keccak256(hashes, size))
        }
    }

    /// Puts the mark into the seat's place of the status word; returns what was there.
    function turn(Batch memory b, Sheet memory s) internal pure returns (uint256 old) {
        assembly ("memory-safe") {
            let bits := mload(add(s, SHEET_SEAT_BITS))
            let seat := mload(add(b, BATCH_SEAT))
            let mark := mload(add(b, BATCH_MARK))
            let word := mload(add(b, BATCH_WORD))
            let place := mul(and(seat, sub(shl(mload(add(s, SHEET_PER_WORD)), 1), 1)), bits)
            old := shr(sub(256, bits), shl(sub(sub(256, place), bits), word))
            mstore(add(b, BATCH_WORD), xor(word, shl(place, xor(old, mark))))
        }
    }

    /// Appends a record of the mark at hand and its weight.
    function record(Batch memory b, Sheet memory s, uint256 weight) internal pure {
        assembly ("memory-safe") {
            let bits := mload(add(s, SHEET_SEAT_BITS))
            let end := mload(add(b, BATCH_COUNTED_END))
            mstore(end, shl(224, mload(add(b, BATCH_SEAT))))
            mstore(add(end, 4), shl(sub(256, bits), mload(add(b, BATCH_MARK))))
            end := add(add(end, 4), shr(3, bits))
            mstore(end, shl(160, weight))
            mstore(add(b, BATCH_COUNTED_END), add(end, 12))
        }
    }

    /// Adds the difference to everything that the mark says. Rankings are kept apart, by the counter.
    function tally(Sheet memory s, uint256 mark, uint256 difference) internal pure {
        assembly ("memory-safe") {
            let at := mload(add(s, SHEET_QUESTIONS))
            let end := add(at, shl(5, mload(at)))
            for {} lt(at, end) {} {
                at := add(at, 0x20)
                let q := mload(at)
                let answer := and(mark, mload(add(q, QUESTION_MASK)))
                mark := shr(mload(add(q, QUESTION_WIDTH)), mark)
                let cells := add(mload(add(q, QUESTION_TALLY)), 0x20)
                switch mload(add(q, QUESTION_KIND))
                case 0 {
                    let place := add(cells, shl(5, answer))
                    mstore(place, add(mload(place), difference))
                }
                default {
                    let isChoice := and(gt(answer, 0), iszero(eq(answer, mload(add(q, QUESTION_MASK)))))
                    // All who chose, or those who abstain; no answer is nothing.
                    let place := add(cells, mul(isChoice, add(0x20, shl(5, mload(add(q, QUESTION_OPTIONS))))))
                    mstore(place, add(mload(place), mul(gt(answer, 0), difference)))
                    for {
                        let rest := mul(answer, and(isChoice, eq(mload(add(q, QUESTION_KIND)), 1)))
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
