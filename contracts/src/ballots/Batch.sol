// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch. Assembly knows where its fields lie, so their order is part of it.
struct Batch {
    // 0x00: the ballot at hand as EIP-712 hashes it
    bytes32 typeHash;
    uint256 proposalId;
    bytes32 proposal;
    bytes32 choice;
    uint256 seat;
    uint256 sequence;
    bytes32 reason;
    // 0xe0: what is signed; the prefix is 0x1901
    uint256 prefix;
    bytes32 domain;
    bytes32 structHash;
    // 0x140: what is asked of ecrecover
    bytes32 digest;
    uint256 v;
    bytes32 r;
    bytes32 s;
    // 0x1c0: what may be asked of a token, a selector and its two arguments: who sits in the seat at hand, and when
    uint256 question;
    address account;
    uint256 snapshot;
    // 0x220: the mark of the ballot at hand; the last sequence there is; whether a ballot may not follow another
    uint256 mark;
    uint256 lastSequence;
    bool isFinal;
    // 0x280: by choice, 0 to 15: the hash of its words, zero where there is no such choice, and the difference to its
    // votes in two's complement
    bytes32[16] words;
    uint256[16] tally;
    // 0x2c0: the status word at hand
    uint256 wordIndex;
    uint256 word;
    uint256 wordBefore;
    uint256 wordSlot;
    // 0x340: what came of it, and where the next record of each goes
    bytes counted;
    uint256 countedEnd;
    bytes skipped;
    uint256 skippedEnd;
    // 0x3c0: the calldata: the record at hand, the one after it, the end
    uint256 at;
    uint256 next;
    uint256 end;
    // 0x420: where in memory two words are that the heir has ready for the ballot at hand
    uint256 entry;
    // 0x440: the Auto ID in the seat at hand, and what is known of which Auto IDs need a check
    uint256 autoId;
    uint256[32] live;
    // 0x480: what the heirs keep
    uint256 votes;
    address source;
    // whose signature a ballot that came alone brings
    address signer;
    bytes signature;
}

// Where the fields lie that assembly reads and writes, from the beginning of the struct; `Places.t.sol` holds each to its field.
uint256 constant BATCH_CHOICE = 0x60;
uint256 constant BATCH_SEAT = 0x80;
uint256 constant BATCH_SEQUENCE = 0xa0;
uint256 constant BATCH_REASON = 0xc0;
// What the ballot's hash is of, from 0x00; and the 66 bytes that are signed, which begin with the last two of `prefix`.
uint256 constant BATCH_STRUCT_SIZE = 0xe0;
uint256 constant BATCH_SIGNED = 0xfe;
uint256 constant BATCH_STRUCT_HASH = 0x120;
uint256 constant BATCH_DIGEST = 0x140;
uint256 constant BATCH_V = 0x160;
uint256 constant BATCH_R = 0x180;
uint256 constant BATCH_S = 0x1a0;
// A call of 68 bytes, which begins with the last four of `question`.
uint256 constant BATCH_CALL = 0x1dc;
uint256 constant BATCH_ACCOUNT = 0x1e0;
uint256 constant BATCH_SNAPSHOT = 0x200;
uint256 constant BATCH_MARK = 0x220;
uint256 constant BATCH_LAST_SEQUENCE = 0x240;
uint256 constant BATCH_IS_FINAL = 0x260;
uint256 constant BATCH_WORDS = 0x280;
uint256 constant BATCH_TALLY = 0x2a0;
uint256 constant BATCH_WORD = 0x2e0;
uint256 constant BATCH_COUNTED = 0x340;
uint256 constant BATCH_COUNTED_END = 0x360;
uint256 constant BATCH_SKIPPED = 0x380;
uint256 constant BATCH_SKIPPED_END = 0x3a0;
uint256 constant BATCH_AT = 0x3c0;
uint256 constant BATCH_NEXT = 0x3e0;
uint256 constant BATCH_END = 0x400;
uint256 constant BATCH_ENTRY = 0x420;
uint256 constant BATCH_AUTO_ID = 0x440;
uint256 constant BATCH_LIVE = 0x460;
uint256 constant BATCH_VOTES = 0x480;
