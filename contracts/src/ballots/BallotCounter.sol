// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBallotCounter} from "../interfaces/IBallotCounter.sol";
import {Signatures} from "../lib/Signatures.sol";
import {BallotWire} from "./BallotWire.sol";
import {Batch} from "./Batch.sol";
import {LiveIds} from "./LiveIds.sol";

/// The counting engine. It knows ballots, marks and signatures; seats, weights and tallies are the heir's.
///
/// Status is one byte a seat and proposal: the last mark counted. A ballot counts when its sequence is above the stored
/// one, so an old ballot can never be replayed over a newer one, and what is taken back is exactly what was given: the
/// weight at the snapshot.
///
/// Invariants, and the test that holds each:
/// - the tally is everyone's last vote, once, and never more than the supply: `invariant_the_tally_is_everyones_last_vote_once_and_never_more_than_the_supply`
/// - any history of batches leaves the results, marks, tallies and events of the model: `testFuzz_any_history_of_ballots_counts_as_the_model_says`
/// - a ballot that cannot count harms no other: `test_a_hundred_bad_ballots_harm_no_good_one`
/// - an account and an Auto ID have one seat, so nobody votes twice: `test_seats_are_one_to_one_and_bring_no_second_vote`
abstract contract BallotCounter is IBallotCounter, LiveIds {
    using BallotWire for Batch;

    uint256 internal constant STALE = 1;
    uint256 internal constant NO_SEAT = 2;
    uint256 internal constant BAD_SIGNATURE = 3;
    uint256 internal constant NO_WEIGHT = 4;
    uint256 internal constant NOT_LIVE = 5;

    bytes32 private constant BALLOT_TYPE =
        keccak256(
            "Ballot(uint256 proposalId,string proposal,string choice,uint32 seat,uint8 sequence,bytes32 reason)"
        );

    mapping(uint256 proposalId => mapping(uint256 seatWord => uint256)) private _marks;

    /// Reverts unless the proposal takes votes now; fills in domain, title, words of the choices, snapshot and rules.
    function _open(Batch memory b) internal view virtual;

    /// Hook before the first ballot is judged, for what is cheaper to ask once a batch.
    function _lookUp(Batch memory b) internal view virtual {}

    /// Puts account and Auto ID of the seat at hand into the batch; returns 0, or why nobody votes from it.
    function _voter(Batch memory b) internal view virtual returns (uint256 why);

    /// The weight of the account at hand at the snapshot, at most uint96.
    function _weigh(Batch memory b) internal view virtual returns (uint256);

    /// Adds the differences of the batch to the tallies.
    function _book(Batch memory b) internal virtual;

    /// Hook for an event a vote.
    function _announce(Batch memory b, uint256 old, uint256 weight) internal virtual {}

    /// @inheritdoc IBallotCounter
    function castBallots(uint256 proposalId, bytes calldata ballots) external {
        Batch memory b = _begin(proposalId);
        b.start(ballots);
        _lookUp(b);
        while (b.read() != 0) {
            if (b.seat >> 5 != b.wordIndex) _load(b);
            (uint256 why, uint256 weight) = _judge(b);
            if (why != 0) b.skip(why);
            else _announce(b, b.count(weight), weight);
        }
        _finish(b);
    }

    /// @inheritdoc IBallotCounter
    function castBallot(
        uint256 proposalId,
        uint32 seat,
        uint8 mark,
        bytes32 reason,
        address signer,
        bytes calldata signature
    ) external {
        Batch memory b = _begin(proposalId);
        b.start(msg.data[0:0]);
        b.seat = seat;
        b.mark = mark;
        b.sequence = mark >> 4;
        b.reason = reason;
        b.signer = signer;
        b.signature = signature;
        _lookUp(b);
        _load(b);
        (uint256 why, uint256 weight) = _judge(b);
        if (why == BAD_SIGNATURE && _isSignedFor(b)) (why, weight) = _weighed(b);
        if (why != 0) revert BallotRefused(uint8(why));
        _announce(b, b.count(weight), weight);
        _finish(b);
    }

    /// @inheritdoc IBallotCounter
    function check(uint256 proposalId, bytes calldata ballots) external view returns (bytes memory reasons) {
        Batch memory b = _begin(proposalId);
        b.start(ballots);
        _lookUp(b);
        uint256[] memory accepted = new uint256[](ballots.length / BallotWire.RECORD + 1);
        reasons = new bytes(accepted.length);
        uint256 n;
        for (; b.read() != 0; ++n) {
            uint256 old = _acceptedMark(accepted, n, b.seat);
            if (old == 0) old = markOf(proposalId, b.seat);
            b.word = old << ((b.seat & 31) << 3);
            (uint256 why, ) = _judge(b);
            reasons[n] = bytes1(uint8(why));
            if (why == 0) accepted[n] = (b.seat << 8) | b.mark;
        }
        assembly ("memory-safe") {
            mstore(reasons, n)
        }
    }

    /// @inheritdoc IBallotCounter
    function markOf(uint256 proposalId, uint256 seat) public view returns (uint256) {
        return (_marks[proposalId][seat >> 5] >> ((seat & 31) << 3)) & 0xff;
    }

    function _setMark(uint256 proposalId, uint256 seat, uint256 mark) internal {
        uint256 shift = (seat & 31) << 3;
        uint256 word = _marks[proposalId][seat >> 5];
        _marks[proposalId][seat >> 5] = (word & ~(uint256(0xff) << shift)) | (mark << shift);
    }

    function _begin(uint256 proposalId) private view returns (Batch memory b) {
        b.typeHash = BALLOT_TYPE;
        b.proposalId = proposalId;
        b.prefix = 0x1901;
        b.wordIndex = type(uint256).max;
        _open(b);
    }

    /// Why the ballot at hand does not count, or 0 and its weight. Cheap checks come first, so that a bad ballot costs the
    /// relayer little.
    function _judge(Batch memory b) private view returns (uint256 why, uint256 weight) {
        if (b.isStale() != 0) return (STALE, 0);
        why = _voter(b);
        if (why != 0) return (why, 0);
        if (b.isSigned() == 0) return (BAD_SIGNATURE, 0);
        return _weighed(b);
    }

    function _weighed(Batch memory b) private view returns (uint256 why, uint256 weight) {
        weight = _weigh(b);
        if (weight == 0) why = NO_WEIGHT;
    }

    function _isSignedFor(Batch memory b) private view returns (bool) {
        address signer = b.signer;
        if (signer != b.account && !AUTO_IDS.keyOk(b.autoId, signer, address(this))) return false;
        return Signatures.isSigner(signer, b.digestOf(), b.signature);
    }

    /// Turns to the status word of the seat at hand.
    function _load(Batch memory b) private {
        _store(b);
        mapping(uint256 => uint256) storage marks = _marks[b.proposalId];
        uint256 index = b.seat >> 5;
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

    function _finish(Batch memory b) private {
        _store(b);
        b.close();
        if (b.counted.length != 0) _book(b);
        else if (b.skipped.length == 0) return;
        emit BallotsCounted(b.proposalId, b.counted, b.skipped);
    }

    function _acceptedMark(uint256[] memory accepted, uint256 n, uint256 seat) private pure returns (uint256) {
        unchecked {
            while (n != 0) {
                uint256 entry = accepted[--n];
                if (entry >> 8 == seat && entry != 0) return entry & 0xff;
            }
        }
        return 0;
    }
}
