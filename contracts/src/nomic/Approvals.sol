// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {IChief} from "../interfaces/IChief.sol";
import {Signatures} from "../lib/Signatures.sol";
import {Hearing, HearingWire} from "./HearingWire.sol";
import {Slates} from "./Slates.sol";

/// Approvals by signature, and the seats they come from. A voice is one word that a batch only reads (account, locked
/// NOMIC), a mark is a quarter of a word (sequence, slate): a batch of dense seats reads 1.25 words each and writes 0.25.
abstract contract Approvals is Slates, LiveIds, EIP712 {
    using HearingWire for Hearing;

    uint256 internal constant STALE = 1;
    uint256 internal constant NO_SEAT = 2;
    uint256 internal constant BAD_SIGNATURE = 3;
    uint256 internal constant NOTHING_LOCKED = 4;
    uint256 internal constant NO_SLATE = 6;

    bytes32 private constant APPROVAL_TYPE = keccak256("Approval(uint32 seat,uint16 sequence,address[] spells)");

    /// @inheritdoc IChief
    uint32 public seats;
    /// @inheritdoc IChief
    mapping(address account => uint32) public seatOf;
    mapping(uint256 seat => uint256) internal _voices;
    mapping(uint256 word => uint256) private _marks;

    /// @inheritdoc IChief
    function castApprovals(bytes calldata approvals_) external {
        Hearing memory h = _begin();
        h.start(approvals_);
        while (h.read() != 0) {
            if (h.seat >> 2 != h.wordIndex) _load(h);
            uint256 why = _judge(h);
            if (why == 0 && h.isSigned() == 0) why = BAD_SIGNATURE;
            if (why != 0) h.skip(why);
            else _count(h);
        }
        _finish(h);
    }

    /// @inheritdoc IChief
    function castApproval(
        uint32 seat,
        uint16 sequence,
        uint32 slate,
        address signer,
        bytes calldata signature
    ) external {
        Hearing memory h = _begin();
        h.start(msg.data[0:0]);
        (h.seat, h.sequence, h.slate) = (seat, sequence, slate);
        _load(h);
        uint256 why = _judge(h);
        if (why == 0 && !_isSignedFor(h, signer, signature)) why = BAD_SIGNATURE;
        if (why != 0) revert ApprovalRefused(uint8(why));
        _count(h);
        _finish(h);
    }

    /// @inheritdoc IChief
    function check(bytes calldata approvals_) external view returns (bytes memory reasons) {
        Hearing memory h = _begin();
        h.start(approvals_);
        uint256[] memory accepted = new uint256[](approvals_.length / HearingWire.RECORD + 1);
        reasons = new bytes(accepted.length);
        uint256 n;
        for (; h.read() != 0; ++n) {
            uint256 last = _acceptedSequence(accepted, n, h.seat);
            if (last == 0) last = _markOf(h.seat) >> 32;
            h.word = (last << 32) << ((h.seat & 3) << 6);
            uint256 why = _judge(h);
            if (why == 0 && h.isSigned() == 0) why = BAD_SIGNATURE;
            reasons[n] = bytes1(uint8(why));
            if (why == 0) accepted[n] = (h.seat << 16) | h.sequence;
        }
        assembly ("memory-safe") {
            mstore(reasons, n)
        }
    }

    /// @inheritdoc IChief
    function seatInfo(
        uint32 seat
    ) external view returns (address account, uint96 locked, uint16 sequence, uint32 slate) {
        uint256 voice = _voices[seat];
        uint256 mark = _markOf(seat);
        return (address(uint160(voice >> 96)), uint96(voice), uint16(mark >> 32), uint32(mark));
    }

    /// Gives a seat to an account, with the empty slate, so that its first approval does not pay for a fresh slot.
    function _sit(address account) internal returns (uint32 seat) {
        seat = ++seats;
        seatOf[account] = seat;
        _voices[seat] = uint256(uint160(account)) << 96;
        _setMark(seat, EMPTY);
        emit Seated(seat, account);
    }

    /// The wallet's own approval. It takes the next sequence, so that what was signed before does not come after it.
    function _vote(uint32 seat, uint32 slate) internal {
        if (_hashOf[slate] == 0) revert UnknownSlate();
        uint256 mark = _markOf(seat);
        uint256 sequence = mark >> 32;
        if (sequence < type(uint16).max) ++sequence;
        uint96 locked = uint96(_voices[seat]);
        _setMark(seat, (sequence << 32) | slate);
        // First added, then taken away, so that what stays on a spell is not seen to leave it.
        _move(slate, locked);
        unchecked {
            _move(uint32(mark), 0 - uint256(locked));
        }
        emit ApprovalsCounted(abi.encodePacked(seat, uint16(sequence), slate, locked), "");
    }

    /// Sequence << 32 | slate.
    function _markOf(uint256 seat) internal view returns (uint256) {
        return (_marks[seat >> 2] >> ((seat & 3) << 6)) & type(uint64).max;
    }

    function _setMark(uint256 seat, uint256 mark) private {
        uint256 shift = (seat & 3) << 6;
        _marks[seat >> 2] = (_marks[seat >> 2] & ~(uint256(type(uint64).max) << shift)) | (mark << shift);
    }

    function _begin() private view returns (Hearing memory h) {
        h.typeHash = APPROVAL_TYPE;
        h.prefix = 0x1901;
        h.domain = _domainSeparatorV4();
        h.wordIndex = type(uint256).max;
    }

    /// Why the approval at hand does not count, whoever signed it, or 0. Cheap checks come first.
    function _judge(Hearing memory h) private view returns (uint256 why) {
        if (h.isStale() != 0) return STALE;
        uint256 voice = _voices[h.seat];
        if (voice == 0) return NO_SEAT;
        (h.account, h.locked) = (voice >> 96, uint96(voice));
        if (h.locked == 0) return NOTHING_LOCKED;
        bytes32 hash = h.knownHash();
        if (hash == 0) hash = _hashOf[h.slate];
        if (hash == 0) return NO_SLATE;
        h.spells = hash;
    }

    function _isSignedFor(Hearing memory h, address signer, bytes calldata signature) private view returns (bool) {
        address account = address(uint160(h.account));
        if (signer != account && !AUTO_IDS.keyOk(AUTO_IDS.idOf(account), signer, address(this))) return false;
        return Signatures.isSigner(signer, h.digestOf(), signature);
    }

    function _count(Hearing memory h) private {
        uint256 before = h.count();
        if (before == h.slate) return;
        unchecked {
            _note(h, before, 0 - h.locked);
        }
        _note(h, h.slate, h.locked);
    }

    /// Sixteen slates are kept at a time, by the last four bits of their numbers; each is written once, when the batch is
    /// through or another one needs its place.
    function _note(Hearing memory h, uint256 slate, uint256 by) private {
        if (slate == EMPTY) return;
        uint256 place = slate & 15;
        if (h.slates[place] != slate) {
            if (h.moved[place] != 0) _move(h.slates[place], h.moved[place]);
            (h.slates[place], h.hashes[place], h.moved[place]) = (slate, _hashOf[slate], 0);
        }
        unchecked {
            h.moved[place] += by;
        }
    }

    function _load(Hearing memory h) private {
        _store(h);
        h.wordIndex = h.seat >> 2;
        h.word = _marks[h.wordIndex];
        h.wordBefore = h.word;
    }

    function _store(Hearing memory h) private {
        if (h.word != h.wordBefore) _marks[h.wordIndex] = h.word;
    }

    function _finish(Hearing memory h) private {
        _store(h);
        h.close();
        if (h.counted.length != 0) _moveAll(h);
        else if (h.skipped.length == 0) return;
        emit ApprovalsCounted(h.counted, h.skipped);
    }

    function _moveAll(Hearing memory h) private {
        // First what is added, for the reason above.
        for (uint256 sign; sign < 2; ++sign) {
            for (uint256 place; place < 16; ++place) {
                uint256 by = h.moved[place];
                if (by != 0 && by >> 255 == sign) _move(h.slates[place], by);
            }
        }
    }

    function _acceptedSequence(uint256[] memory accepted, uint256 n, uint256 seat) private pure returns (uint256) {
        unchecked {
            while (n != 0) {
                uint256 entry = accepted[--n];
                if (entry >> 16 == seat && entry != 0) return entry & 0xffff;
            }
        }
        return 0;
    }
}
