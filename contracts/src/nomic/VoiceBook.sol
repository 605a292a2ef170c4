// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Seats} from "../ballots/Seats.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {IVoiceBook} from "../interfaces/IVoiceBook.sol";

/// Seats with the votes of their accounts. A voice is one word (account, votes) and a quarter of a word that it shares
/// with its three neighbours (when the votes changed last, the Auto ID), so a batch of dense seats reads 1.25 words each.
///
/// Invariants, and the test that holds each:
/// - an entry is what the token says: `testFuzz_the_voice_book_agrees_with_the_token`
/// - no votes exceed the 96 bits of an entry: `test_there_is_never_more_nomic_than_a_record_can_carry`
abstract contract VoiceBook is IVoiceBook, Seats {
    uint256 private constant SIDE = 0xffffffffffffffff;
    uint256 private constant MOVED = 1 << 63;
    uint256 private constant ID_BITS = 31;

    /// Lists without a length, because their places need no hashing.
    uint256[1 << 32] private _voices;
    uint256[1 << 30] private _sides;

    /// @inheritdoc IVoiceBook
    mapping(uint256 seat => uint48) public movedAt;

    /// The votes of an account now and the time of their last change.
    function _votesOf(address account) internal view virtual returns (uint256 votes, uint256 changedAt);

    /// @inheritdoc IVoiceBook
    function entry(
        uint32 seat
    ) external view returns (address account, uint96 votes, uint32 changedAt, uint32 autoId, uint48 moved) {
        uint256 voice = _voices[seat];
        uint256 side = _side(seat);
        return (
            address(uint160(voice >> 96)),
            uint96(voice),
            uint32(side >> ID_BITS),
            uint32(side & ((1 << ID_BITS) - 1)),
            movedAt[seat]
        );
    }

    /// @inheritdoc IVoiceBook
    function entries(uint256[] calldata list) external view returns (uint256[] memory) {
        assembly ("memory-safe") {
            let from := list.offset
            let end := add(from, shl(5, list.length))
            let answer := mload(0x40)
            mstore(answer, 0x20)
            mstore(add(answer, 0x20), shl(1, list.length))
            let p := add(answer, 0x40)
            let four := not(0)
            let sides := 0
            for {} lt(from, end) { from := add(from, 0x20) } {
                let seat := and(calldataload(from), 0xffffffff)
                if sub(shr(2, seat), four) {
                    four := shr(2, seat)
                    sides := sload(add(_sides.slot, four))
                }
                mstore(p, sload(add(_voices.slot, seat)))
                mstore(add(p, 0x20), and(shr(shl(6, and(seat, 3)), sides), SIDE))
                p := add(p, 0x40)
            }
            return(answer, sub(p, answer))
        }
    }

    /// @inheritdoc ISeats
    function seatOf(address account) external view returns (uint32 seat, uint48 since) {
        seat = _seatOf[account];
        since = movedAt[seat];
    }

    /// @inheritdoc ISeats
    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId) {
        return (address(uint160(_voices[seat] >> 96)), movedAt[seat], uint48(_autoIdIn(seat)));
    }

    /// Called by the token after the votes of an account changed.
    function _votesChanged(address account) internal {
        uint256 seat = _seatOf[account];
        if (seat != 0) _write(seat, account, _side(seat) & (MOVED | ((1 << ID_BITS) - 1)));
    }

    function _seat(uint32 seat, address account, uint256 autoId, bool moved) internal override {
        uint256 kept = _side(seat) & MOVED;
        if (moved) {
            movedAt[seat] = uint48(block.timestamp);
            kept = MOVED;
        }
        _write(seat, account, kept | autoId);
    }

    function _vacate(uint32 seat) internal override {
        _setSide(seat, _side(seat) & ~uint256((1 << ID_BITS) - 1));
    }

    function _autoIdIn(uint32 seat) internal view override returns (uint256) {
        return _side(seat) & ((1 << ID_BITS) - 1);
    }

    function _write(uint256 seat, address account, uint256 side) private {
        (uint256 votes, uint256 changedAt) = _votesOf(account);
        _voices[seat] = (uint256(uint160(account)) << 96) | votes;
        _setSide(seat, side | (changedAt << ID_BITS));
    }

    function _side(uint256 seat) private view returns (uint256) {
        return (_sides[seat >> 2] >> ((seat & 3) << 6)) & SIDE;
    }

    function _setSide(uint256 seat, uint256 side) private {
        uint256 shift = (seat & 3) << 6;
        _sides[seat >> 2] = (_sides[seat >> 2] & ~(SIDE << shift)) | (side << shift);
    }
}
