// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch. `BallotWire` knows the places of the fields up to `entry`, `LiveIds` those of the two after it; the order is part of it.
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
