// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch. `BallotWire` knows the places of the fields up to `number`; the order is part of it.
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
    // 0x3c0: the calldata: the record at hand, the one after it, the end; its number, from 1
    uint256 at;
    uint256 next;
    uint256 end;
    uint256 number;
    // what the heirs keep
    uint256 autoId;
    address source;
    uint256 votes;
    uint256[] book;
    uint256[32] live;
    // whose signature a ballot that came alone brings
    address signer;
    bytes signature;
}
