// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// What a batch knows of its paper. Assembly knows where its fields lie, so their order is part of it.
struct Sheet {
    // 0x00: bits of a seat's mark, 32 to 256, and the logarithm of how many marks a word holds
    uint256 seatBits;
    uint256 perWord;
    // 0x40: bits of a mark that mean nothing and must be zero
    uint256 unused;
    Question[] questions;
    // 0x80: weights are those at the close
    bool isAtClose;
    bool isRanked;
}

/// A poll of the paper.
struct Question {
    // 0x00: its answer in the mark, beginning where that of the poll before it ends
    uint256 mask;
    uint256 width;
    uint256 kind;
    uint256 options;
    // 0x80: the answer at hand as EIP-712 hashes it
    bytes32 typeHash;
    bytes32 title;
    bytes32 choice;
    // 0xe0: where the hashes of "Abstain" and of the options' labels are
    uint256 words;
    // 0x100: of a single choice, the hashes of its answers that are known, by answer
    uint256[] known;
    // 0x120: differences in two's complement: of each option from 1; behind them of all who chose; at 0 of those who abstain.
    // Of a single choice, by answer.
    uint256[] tally;
    uint256 poll;
}

// Where the fields lie that assembly reads and writes, from the beginning of the struct; `Places.t.sol` holds each to its field.
uint256 constant SHEET_SEAT_BITS = 0x00;
uint256 constant SHEET_PER_WORD = 0x20;
uint256 constant SHEET_UNUSED = 0x40;
uint256 constant SHEET_QUESTIONS = 0x60;
uint256 constant QUESTION_MASK = 0x00;
uint256 constant QUESTION_WIDTH = 0x20;
uint256 constant QUESTION_KIND = 0x40;
uint256 constant QUESTION_OPTIONS = 0x60;
uint256 constant QUESTION_TYPE_HASH = 0x80;
uint256 constant QUESTION_CHOICE = 0xc0;
uint256 constant QUESTION_WORDS = 0xe0;
uint256 constant QUESTION_KNOWN = 0x100;
uint256 constant QUESTION_TALLY = 0x120;
