// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {
    Batch,
    BATCH_ACCOUNT,
    BATCH_AT,
    BATCH_AUTO_ID,
    BATCH_CALL,
    BATCH_CHOICE,
    BATCH_COUNTED,
    BATCH_COUNTED_END,
    BATCH_DIGEST,
    BATCH_END,
    BATCH_ENTRY,
    BATCH_IS_FINAL,
    BATCH_LAST_SEQUENCE,
    BATCH_LIVE,
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
    BATCH_SNAPSHOT,
    BATCH_STRUCT_HASH,
    BATCH_STRUCT_SIZE,
    BATCH_TALLY,
    BATCH_V,
    BATCH_VOTES,
    BATCH_WORD,
    BATCH_WORDS
} from "../src/ballots/Batch.sol";
import {BallotWire} from "../src/ballots/BallotWire.sol";
import {
    Hearing,
    HEARING_ACCOUNT,
    HEARING_AT,
    HEARING_COUNTED,
    HEARING_COUNTED_END,
    HEARING_DIGEST,
    HEARING_END,
    HEARING_HASHES,
    HEARING_LOCKED,
    HEARING_NEXT,
    HEARING_R,
    HEARING_S,
    HEARING_SEAT,
    HEARING_SEQUENCE,
    HEARING_SIGNED,
    HEARING_SKIPPED,
    HEARING_SKIPPED_END,
    HEARING_SLATE,
    HEARING_SLATES,
    HEARING_STRUCT_HASH,
    HEARING_STRUCT_SIZE,
    HEARING_V,
    HEARING_WORD,
    HearingWire
} from "../src/nomic/HearingWire.sol";
import {
    Question,
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
} from "../src/polls/Sheet.sol";
import {PaperWire} from "../src/polls/PaperWire.sol";
import {Test} from "./Vm.sol";

/// Assembly knows by constants where the fields of memory and of records lie. Each field is written by its name and read by its
/// constant, so that no field can be put before another unnoticed.
contract PlacesTest is Test {
    using BallotWire for Batch;
    using HearingWire for Hearing;
    using PaperWire for Batch;

    function test_each_place_in_a_batch_is_that_of_its_field() public pure {
        Batch memory b;
        b.choice = bytes32(uint256(101));
        expect(b, BATCH_CHOICE, 101, "choice");
        b.seat = 102;
        expect(b, BATCH_SEAT, 102, "seat");
        b.sequence = 103;
        expect(b, BATCH_SEQUENCE, 103, "sequence");
        b.reason = bytes32(uint256(104));
        expect(b, BATCH_REASON, 104, "reason");
        b.structHash = bytes32(uint256(105));
        expect(b, BATCH_STRUCT_HASH, 105, "structHash");
        b.digest = bytes32(uint256(106));
        expect(b, BATCH_DIGEST, 106, "digest");
        b.v = 107;
        expect(b, BATCH_V, 107, "v");
        b.r = bytes32(uint256(108));
        expect(b, BATCH_R, 108, "r");
        b.s = bytes32(uint256(109));
        expect(b, BATCH_S, 109, "s");
        b.account = address(110);
        expect(b, BATCH_ACCOUNT, 110, "account");
        b.snapshot = 111;
        expect(b, BATCH_SNAPSHOT, 111, "snapshot");
        b.mark = 112;
        expect(b, BATCH_MARK, 112, "mark");
        b.lastSequence = 113;
        expect(b, BATCH_LAST_SEQUENCE, 113, "lastSequence");
        b.isFinal = true;
        expect(b, BATCH_IS_FINAL, 1, "isFinal");
        expect(b, BATCH_WORDS, placeOf(b.words), "words");
        expect(b, BATCH_TALLY, placeOf(b.tally), "tally");
        b.word = 117;
        expect(b, BATCH_WORD, 117, "word");
        b.counted = new bytes(1);
        expect(b, BATCH_COUNTED, placeOf(b.counted), "counted");
        b.countedEnd = 119;
        expect(b, BATCH_COUNTED_END, 119, "countedEnd");
        b.skipped = new bytes(1);
        expect(b, BATCH_SKIPPED, placeOf(b.skipped), "skipped");
        b.skippedEnd = 121;
        expect(b, BATCH_SKIPPED_END, 121, "skippedEnd");
        b.at = 122;
        expect(b, BATCH_AT, 122, "at");
        b.next = 123;
        expect(b, BATCH_NEXT, 123, "next");
        b.end = 124;
        expect(b, BATCH_END, 124, "end");
        b.entry = 125;
        expect(b, BATCH_ENTRY, 125, "entry");
        b.autoId = 126;
        expect(b, BATCH_AUTO_ID, 126, "autoId");
        expect(b, BATCH_LIVE, placeOf(b.live), "live");
        b.votes = 128;
        expect(b, BATCH_VOTES, 128, "votes");
    }

    function test_what_is_hashed_of_a_batch_is_the_ballot_and_what_is_signed() public pure {
        Batch memory b;
        (b.typeHash, b.proposalId, b.proposal, b.choice) = (bytes32(uint256(1)), 2, bytes32(uint256(3)), bytes32(uint256(4)));
        (b.seat, b.sequence, b.reason) = (5, 6, bytes32(uint256(7)));
        bytes memory ballot = abi.encode(1, 2, 3, 4, 5, 6, 7);
        vm.assertEq(read(placeOf(b), BATCH_STRUCT_SIZE), ballot, "the ballot");
        (b.prefix, b.domain, b.structHash) = (0x1901, bytes32(uint256(8)), bytes32(uint256(9)));
        bytes memory signed = abi.encodePacked(hex"1901", uint256(8), uint256(9));
        vm.assertEq(read(placeOf(b) + BATCH_SIGNED, 66), signed, "what is signed");
        b.domain = bytes32(type(uint256).max);
        signed = abi.encodePacked(hex"1901", b.domain, keccak256(ballot));
        vm.assertEq(b.digestOf(), keccak256(signed), "digest");
    }

    function test_what_a_token_is_asked_lies_side_by_side() public pure {
        Batch memory b;
        b.question = uint32(IVotes.getPastVotes.selector);
        (b.account, b.snapshot) = (address(0xbeef), 1_800_000_000);
        bytes memory call = abi.encodeCall(IVotes.getPastVotes, (b.account, b.snapshot));
        vm.assertEq(read(placeOf(b) + BATCH_CALL, 68), call, "call");
    }

    function test_each_place_in_a_hearing_is_that_of_its_field() public pure {
        Hearing memory h;
        h.seat = 101;
        expect(h, HEARING_SEAT, 101, "seat");
        h.sequence = 102;
        expect(h, HEARING_SEQUENCE, 102, "sequence");
        h.structHash = bytes32(uint256(103));
        expect(h, HEARING_STRUCT_HASH, 103, "structHash");
        h.digest = bytes32(uint256(104));
        expect(h, HEARING_DIGEST, 104, "digest");
        h.v = 105;
        expect(h, HEARING_V, 105, "v");
        h.r = bytes32(uint256(106));
        expect(h, HEARING_R, 106, "r");
        h.s = bytes32(uint256(107));
        expect(h, HEARING_S, 107, "s");
        h.slate = 108;
        expect(h, HEARING_SLATE, 108, "slate");
        h.account = 109;
        expect(h, HEARING_ACCOUNT, 109, "account");
        h.locked = 110;
        expect(h, HEARING_LOCKED, 110, "locked");
        h.word = 111;
        expect(h, HEARING_WORD, 111, "word");
        h.counted = new bytes(1);
        expect(h, HEARING_COUNTED, placeOf(h.counted), "counted");
        h.countedEnd = 113;
        expect(h, HEARING_COUNTED_END, 113, "countedEnd");
        h.skipped = new bytes(1);
        expect(h, HEARING_SKIPPED, placeOf(h.skipped), "skipped");
        h.skippedEnd = 115;
        expect(h, HEARING_SKIPPED_END, 115, "skippedEnd");
        h.at = 116;
        expect(h, HEARING_AT, 116, "at");
        h.next = 117;
        expect(h, HEARING_NEXT, 117, "next");
        h.end = 118;
        expect(h, HEARING_END, 118, "end");
        expect(h, HEARING_SLATES, placeOf(h.slates), "slates");
        expect(h, HEARING_HASHES, placeOf(h.hashes), "hashes");
    }

    function test_what_is_hashed_of_a_hearing_is_the_approval_and_what_is_signed() public pure {
        Hearing memory h;
        (h.typeHash, h.seat, h.sequence, h.spells) = (bytes32(uint256(1)), 2, 3, bytes32(uint256(4)));
        bytes memory approval = abi.encode(1, 2, 3, 4);
        vm.assertEq(read(placeOf(h), HEARING_STRUCT_SIZE), approval, "the approval");
        (h.prefix, h.domain, h.structHash) = (0x1901, bytes32(uint256(8)), bytes32(uint256(9)));
        bytes memory signed = abi.encodePacked(hex"1901", uint256(8), uint256(9));
        vm.assertEq(read(placeOf(h) + HEARING_SIGNED, 66), signed, "what is signed");
        h.domain = bytes32(type(uint256).max);
        signed = abi.encodePacked(hex"1901", h.domain, keccak256(approval));
        vm.assertEq(h.digestOf(), keccak256(signed), "digest");
    }

    function test_each_place_in_a_sheet_is_that_of_its_field() public pure {
        Sheet memory s;
        s.seatBits = 101;
        expect(s, SHEET_SEAT_BITS, 101, "seatBits");
        s.perWord = 102;
        expect(s, SHEET_PER_WORD, 102, "perWord");
        s.unused = 103;
        expect(s, SHEET_UNUSED, 103, "unused");
        s.questions = new Question[](1);
        expect(s, SHEET_QUESTIONS, placeOf(s.questions), "questions");
    }

    function test_each_place_in_a_question_is_that_of_its_field() public pure {
        Question memory q;
        q.mask = 101;
        expect(q, QUESTION_MASK, 101, "mask");
        q.width = 102;
        expect(q, QUESTION_WIDTH, 102, "width");
        q.kind = 103;
        expect(q, QUESTION_KIND, 103, "kind");
        q.options = 104;
        expect(q, QUESTION_OPTIONS, 104, "options");
        q.typeHash = bytes32(uint256(105));
        expect(q, QUESTION_TYPE_HASH, 105, "typeHash");
        q.choice = bytes32(uint256(106));
        expect(q, QUESTION_CHOICE, 106, "choice");
        q.words = 107;
        expect(q, QUESTION_WORDS, 107, "words");
        q.known = new uint256[](1);
        expect(q, QUESTION_KNOWN, placeOf(q.known), "known");
        q.tally = new uint256[](1);
        expect(q, QUESTION_TALLY, placeOf(q.tally), "tally");
    }

    function test_what_is_hashed_of_a_question_is_the_answer() public pure {
        Question memory q;
        (q.typeHash, q.title, q.choice) = (bytes32(uint256(1)), bytes32(uint256(2)), bytes32(uint256(3)));
        vm.assertEq(read(placeOf(q) + QUESTION_TYPE_HASH, 96), abi.encode(1, 2, 3), "the answer");
    }

    function testFuzz_each_field_of_a_ballots_record_is_read(
        uint32 seat,
        uint8 mark,
        bytes32 r,
        bytes32 vs,
        bytes32 reason
    ) public view {
        bytes memory record = abi.encodePacked(seat, mark, r, vs);
        vm.assertEq(record.length, BallotWire.RECORD, "length");
        vm.assertEq(uint8(record[BallotWire.MARK]), mark, "mark");
        vm.assertEq(read(placeOf(record) + 0x20 + BallotWire.R, 32), abi.encode(r), "r");
        vm.assertEq(read(placeOf(record) + 0x20 + BallotWire.VS, 32), abi.encode(vs), "vs");
        bool hasReason = seat >> 31 == 1;
        if (hasReason) record = abi.encodePacked(record, reason);
        (uint256 readSeat, uint256 readMark, uint256 sequence, bytes32 readReason) = this.readBallot(record);
        vm.assertEq(readSeat, seat & 0x7fffffff, "seat");
        vm.assertEq(readMark, mark, "mark");
        vm.assertEq(sequence, mark >> 4, "sequence");
        vm.assertEq(readReason, hasReason ? reason : bytes32(0), "reason");
    }

    function testFuzz_each_field_of_an_approvals_record_is_read(
        uint32 seat,
        uint16 sequence,
        uint32 slate,
        bytes32 r,
        bytes32 vs
    ) public view {
        bytes memory record = abi.encodePacked(seat, sequence, slate, r, vs);
        vm.assertEq(record.length, HearingWire.RECORD, "length");
        uint256 head = uint256(bytes32(record));
        vm.assertEq(uint32(head >> HearingWire.SEAT_SHIFT), seat, "seat");
        vm.assertEq(uint16(head >> HearingWire.SEQUENCE_SHIFT), sequence, "sequence");
        vm.assertEq(uint32(head >> HearingWire.SLATE_SHIFT), slate, "slate");
        vm.assertEq(read(placeOf(record) + 0x20 + HearingWire.R, 32), abi.encode(r), "r");
        vm.assertEq(read(placeOf(record) + 0x20 + HearingWire.VS, 32), abi.encode(vs), "vs");
        (uint256 readSeat, uint256 readSequence, uint256 readSlate) = this.readApproval(record);
        vm.assertEq(readSeat, seat, "seat read");
        vm.assertEq(readSequence, sequence, "sequence read");
        vm.assertEq(readSlate, slate, "slate read");
    }

    function testFuzz_each_field_of_a_papers_record_is_read(
        uint32 seat,
        uint256 mark,
        bytes32 r,
        bytes32 vs,
        bytes32 reason,
        uint8 width
    ) public view {
        uint256 bits = 32 << (width % 4);
        mark >>= 256 - bits;
        bytes memory answers = slice(abi.encode(mark), 32 - bits / 8);
        bytes memory record = abi.encodePacked(seat, answers, r, vs);
        bool hasReason = seat >> 31 == 1;
        if (hasReason) record = abi.encodePacked(record, reason);
        vm.assertEq(read(placeOf(record) + 0x20 + PaperWire.MARK, bits / 8), answers, "mark");
        Batch memory b = this.readPaper(record, bits);
        vm.assertEq(b.seat, seat & 0x7fffffff, "seat");
        vm.assertEq(b.mark, mark, "mark");
        vm.assertEq(b.sequence, mark >> (bits - 8), "sequence");
        vm.assertEq(b.reason, hasReason ? reason : bytes32(0), "reason");
        // The signature lies where that of a ballot does.
        vm.assertEq(b.at + BallotWire.R, b.end - (hasReason ? 96 : 64), "r");
    }

    function readBallot(
        bytes calldata record
    ) external pure returns (uint256 seat, uint256 mark, uint256 sequence, bytes32 reason) {
        Batch memory b;
        b.start(record);
        b.read();
        return (b.seat, b.mark, b.sequence, b.reason);
    }

    function readApproval(
        bytes calldata record
    ) external pure returns (uint256 seat, uint256 sequence, uint256 slate) {
        Hearing memory h;
        h.start(record);
        h.read();
        return (h.seat, h.sequence, h.slate);
    }

    function readPaper(bytes calldata record, uint256 bits) external pure returns (Batch memory b) {
        Sheet memory s;
        s.seatBits = bits;
        b.begin(record);
        b.read(s);
        // Empty lists say no more than where they are, and cannot be given away.
        (b.counted, b.skipped) = ("", "");
    }

    function expect(Batch memory b, uint256 place, uint256 value, string memory field) private pure {
        vm.assertEq(word(placeOf(b) + place), value, field);
    }

    function expect(Hearing memory h, uint256 place, uint256 value, string memory field) private pure {
        vm.assertEq(word(placeOf(h) + place), value, field);
    }

    function expect(Sheet memory s, uint256 place, uint256 value, string memory field) private pure {
        vm.assertEq(word(placeOf(s) + place), value, field);
    }

    function expect(Question memory q, uint256 place, uint256 value, string memory field) private pure {
        vm.assertEq(word(placeOf(q) + place), value, field);
    }

    function word(uint256 at) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(at)
        }
    }

    function read(uint256 at, uint256 length) private pure returns (bytes memory copy) {
        copy = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(copy, 0x20), at, length)
        }
    }

    function slice(bytes memory text, uint256 from) private pure returns (bytes memory) {
        return read(placeOf(text) + 0x20 + from, text.length - from);
    }

    function placeOf(Batch memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(Hearing memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(Sheet memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(Question memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(bytes memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(uint256[] memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(uint256[16] memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(uint256[32] memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(bytes32[16] memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }

    function placeOf(Question[] memory x) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := x
        }
    }
}
