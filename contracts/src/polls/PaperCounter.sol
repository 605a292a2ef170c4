// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BallotWire} from "../ballots/BallotWire.sol";
import {Batch} from "../ballots/Batch.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {IPaperCounter} from "../interfaces/IPaperCounter.sol";
import {Signatures} from "../lib/Signatures.sol";
import {PaperWire} from "./PaperWire.sol";
import {Question, Sheet} from "./Sheet.sol";

/// The counting engine for papers, as `BallotCounter` is for ballots: it knows marks and signatures; polls, seats, weights and
/// tallies are the heir's.
///
/// A seat's mark is its last paper, whole. What is taken back is exactly what was given: the weight at the opening. Where
/// weights are those at the close, marks are all that is kept until then.
///
/// Invariants, and the test that holds each:
/// - tallies are everyone's last paper, once, and never more than the supply: `invariant_tallies_are_everyones_last_paper_once_and_never_more_than_the_supply`
/// - any history of batches, of papers of every width, comes to what the model says: `testFuzz_any_history_of_papers_counts_as_the_model_says`
/// - an Auto ID speaks from one seat: `test_an_auto_id_does_not_speak_from_two_seats`
abstract contract PaperCounter is IPaperCounter, LiveIds {
    using BallotWire for Batch;
    using PaperWire for Batch;
    using PaperWire for Sheet;

    uint256 internal constant STALE = 1;
    uint256 internal constant NO_SEAT = 2;
    uint256 internal constant BAD_SIGNATURE = 3;
    uint256 internal constant NO_WEIGHT = 4;
    uint256 internal constant NOT_LIVE = 5;

    uint256 internal constant SEQUENCE_BITS = 8;
    uint256 internal constant SINGLE = 0;
    uint256 internal constant RANKED = 2;

    bytes32 private constant PAPER_TYPE =
        keccak256(
            "Paper(uint256 paper,string weight,Answer[] answers,uint32 seat,uint8 sequence,bytes32 reason)Answer(string poll,string[] choice)"
        );
    bytes32 private constant AT_OPENING = keccak256("Votes at the opening");
    bytes32 private constant AT_CLOSE = keccak256("Votes at the close");

    error NotYetClosed();
    error NothingToWeigh();

    mapping(uint256 paper => mapping(uint256 seatWord => uint256)) private _marks;

    /// Reverts unless the paper takes answers now; fills in domain and snapshot.
    function _open(Batch memory b) internal view virtual returns (Sheet memory);

    /// As `_open` for a paper that is closed and is to be weighed; the snapshot is the close.
    /// @return next the seat to begin with, 0 when all is done
    function _closed(Batch memory b) internal view virtual returns (Sheet memory, uint256 next);

    /// Hook before the first paper is judged, for what is cheaper to ask once a batch.
    /// @param size of a record without a reason
    function _lookUp(Batch memory b, uint256 size) internal view virtual {}

    /// Puts account and Auto ID of the seat at hand into the batch; returns 0, or why nobody votes from it.
    function _voter(Batch memory b, Sheet memory s) internal view virtual returns (uint256 why);

    /// The weight of the account at hand at the snapshot, at most uint96.
    function _weigh(Batch memory b) internal view virtual returns (uint256);

    /// The weight of the seat at hand at the snapshot, whatever became of its Auto ID; and the newest seat there is.
    function _weightOf(Batch memory b) internal view virtual returns (uint256);
    function _lastSeat() internal view virtual returns (uint256);

    /// Adds a difference in two's complement to the weight of a ranking.
    function _rank(uint256 poll, uint256 ranking, uint256 difference) internal virtual;

    /// Adds the differences of the batch to the tallies.
    function _book(Sheet memory s) internal virtual;

    function _weighed(uint256 paper, uint256 next, bool isDone) internal virtual;

    /// @inheritdoc IPaperCounter
    function castPapers(uint256 paper, bytes calldata papers) external {
        (Batch memory b, Sheet memory s) = _begin(paper);
        _start(b, s, papers);
        while (b.read(s) != 0) {
            if (b.seat >> s.perWord != b.wordIndex) _load(b, b.seat >> s.perWord);
            (uint256 why, uint256 weight) = _judge(b, s);
            if (why != 0) b.skip(why);
            else _count(b, s, weight);
        }
        _finish(b, s);
    }

    /// @inheritdoc IPaperCounter
    function castPaper(
        uint256 paper,
        uint32 seat,
        uint256 mark,
        bytes32 reason,
        address signer,
        bytes calldata signature
    ) external {
        (Batch memory b, Sheet memory s) = _begin(paper);
        b.seat = seat;
        b.mark = mark;
        b.sequence = mark >> (s.seatBits - SEQUENCE_BITS);
        b.reason = reason;
        b.signer = signer;
        b.signature = signature;
        _start(b, s, msg.data[0:0]);
        _load(b, seat >> s.perWord);
        // More than a mark has room for.
        if (b.sequence > type(uint8).max) revert PaperRefused(uint8(STALE));
        (uint256 why, uint256 weight) = _judge(b, s);
        if (why == BAD_SIGNATURE && _isSignedFor(b)) (why, weight) = _valued(b, s);
        if (why != 0) revert PaperRefused(uint8(why));
        _count(b, s, weight);
        _finish(b, s);
    }

    /// @inheritdoc IPaperCounter
    function weigh(uint256 paper, uint256 most) external returns (bool isDone) {
        Batch memory b;
        b.proposalId = paper;
        (Sheet memory s, uint256 seat) = _closed(b);
        if (seat == 0) revert NothingToWeigh();
        _start(b, s, msg.data[0:0]);
        uint256 last = _lastSeat();
        if (most > last) most = last;
        // Room for a record of every seat.
        b.counted = new bytes(most * (16 + s.seatBits / 8) + 32);
        uint256 end;
        bytes memory list = b.counted;
        assembly ("memory-safe") {
            end := add(list, 0x20)
        }
        b.countedEnd = end;
        uint256 beyond = seat + most;
        for (; seat < beyond && seat <= last; ++seat) {
            b.seat = seat;
            b.mark = _markOf(paper, seat, s.seatBits, s.perWord);
            if (b.mark == 0) continue;
            uint256 weight = _weightOf(b);
            b.record(s, weight);
            _give(s, b.mark, weight);
        }
        isDone = seat > last;
        b.close();
        _book(s);
        _weighed(paper, seat, isDone);
        emit PapersWeighed(paper, b.counted, isDone);
    }

    /// @inheritdoc IPaperCounter
    function check(uint256 paper, bytes calldata papers) external view returns (bytes memory reasons) {
        (Batch memory b, Sheet memory s) = _begin(paper);
        _start(b, s, papers);
        uint256 most = papers.length / (s.seatBits / 8 + 68) + 1;
        (uint256[] memory seats, uint256[] memory marks) = (new uint256[](most), new uint256[](most));
        reasons = new bytes(most);
        uint256 n;
        for (; b.read(s) != 0; ++n) {
            uint256 mark = b.mark;
            b.mark = _acceptedMark(seats, marks, n, b.seat);
            if (b.mark == 0) b.mark = _markOf(paper, b.seat, s.seatBits, s.perWord);
            b.word = 0;
            b.turn(s);
            b.mark = mark;
            (uint256 why, ) = _judge(b, s);
            reasons[n] = bytes1(uint8(why));
            if (why == 0) (seats[n], marks[n]) = (b.seat, mark);
        }
        assembly ("memory-safe") {
            mstore(reasons, n)
        }
    }

    /// @inheritdoc IPaperCounter
    function markOf(uint256 paper, uint256 seat) public view virtual returns (uint256);

    function _markOf(uint256 paper, uint256 seat, uint256 bits, uint256 perWord) internal view returns (uint256) {
        uint256 place = (seat & ((1 << perWord) - 1)) * bits;
        return (_marks[paper][seat >> perWord] >> place) & (type(uint256).max >> (256 - bits));
    }

    function _begin(uint256 paper) private view returns (Batch memory b, Sheet memory s) {
        b.typeHash = PAPER_TYPE;
        b.proposalId = paper;
        b.prefix = 0x1901;
        b.wordIndex = type(uint256).max;
        s = _open(b);
        b.proposal = s.isAtClose ? AT_CLOSE : AT_OPENING;
    }

    function _start(Batch memory b, Sheet memory s, bytes calldata papers) private view {
        b.begin(papers);
        _lookUp(b, s.seatBits / 8 + 68);
    }

    /// Why the paper at hand does not count, or 0 and its weight. Cheap checks come first, so that a bad one costs the
    /// relayer little.
    function _judge(Batch memory b, Sheet memory s) private view returns (uint256 why, uint256 weight) {
        if (b.isStale(s) != 0) return (STALE, 0);
        why = _voter(b, s);
        if (why != 0) return (why, 0);
        if (b.isSigned() == 0) return (BAD_SIGNATURE, 0);
        return _valued(b, s);
    }

    function _valued(Batch memory b, Sheet memory s) private view returns (uint256 why, uint256 weight) {
        if (s.isAtClose) return (0, 0);
        weight = _weigh(b);
        if (weight == 0) why = NO_WEIGHT;
    }

    function _isSignedFor(Batch memory b) private view returns (bool) {
        address signer = b.signer;
        if (signer != b.account && !AUTO_IDS.keyOk(b.autoId, signer, address(this))) return false;
        return Signatures.isSigner(signer, b.digestOf(), b.signature);
    }

    function _count(Batch memory b, Sheet memory s, uint256 weight) private {
        uint256 old = b.turn(s);
        b.record(s, weight);
        if (s.isAtClose) return;
        _give(s, b.mark, weight);
        unchecked {
            if (old != 0) _give(s, old, 0 - weight);
        }
    }

    function _give(Sheet memory s, uint256 mark, uint256 difference) private {
        s.tally(mark, difference);
        if (s.isRanked) _giveRankings(s, mark, difference);
    }

    function _giveRankings(Sheet memory s, uint256 mark, uint256 difference) private {
        for (uint256 i; i < s.questions.length; ++i) {
            Question memory q = s.questions[i];
            uint256 ranking = mark & q.mask;
            mark >>= q.width;
            if (q.kind == RANKED && ranking != 0 && ranking != q.mask) _rank(q.poll, ranking, difference);
        }
    }

    /// Turns to another status word.
    function _load(Batch memory b, uint256 index) private {
        _store(b);
        mapping(uint256 => uint256) storage marks = _marks[b.proposalId];
        uint256 slot;
        uint256 word;
        assembly ("memory-safe") {
            mstore(0, index)
            mstore(0x20, marks.slot)
            slot := keccak256(0, 0x40)
            word := sload(slot)
        }
        b.wordIndex = index;
        b.wordSlot = slot;
        b.word = word;
        b.wordBefore = word;
    }

    function _store(Batch memory b) private {
        uint256 word = b.word;
        if (word == b.wordBefore) return;
        uint256 slot = b.wordSlot;
        assembly ("memory-safe") {
            sstore(slot, word)
        }
    }

    function _finish(Batch memory b, Sheet memory s) private {
        _store(b);
        b.close();
        if (b.counted.length == 0 && b.skipped.length == 0) return;
        if (b.counted.length != 0 && !s.isAtClose) _book(s);
        emit PapersCounted(b.proposalId, b.counted, b.skipped);
    }

    function _acceptedMark(
        uint256[] memory seats,
        uint256[] memory marks,
        uint256 n,
        uint256 seat
    ) private pure returns (uint256) {
        unchecked {
            while (n != 0) {
                if (seats[--n] == seat && marks[n] != 0) return marks[n];
            }
        }
        return 0;
    }
}
