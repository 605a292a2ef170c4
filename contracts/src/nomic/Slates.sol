// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChief} from "../interfaces/IChief.sol";

/// Lists of spells by number, and what stands on each spell.
///
/// Invariants, and the test that holds each:
/// - what stands on a spell is what is locked behind it, and the hat goes by the rule: `invariant_approvals_are_what_is_locked_behind_them_and_the_hat_goes_by_the_rule`
/// - what was borrowed for a moment lifts nothing: `test_nomic_borrowed_for_a_moment_lifts_nothing`
/// - no weight is on a slate that there is not: `test_no_weight_is_parked_on_a_slate_that_does_not_exist`
abstract contract Slates is IChief {
    /// One slot a spell. The least weight is that since before the second `at`. 104 bits, because a batch adds before it
    /// takes away.
    struct Weight {
        uint104 total;
        uint104 least;
        uint48 at;
    }

    uint256 public constant MAX_SPELLS = 5;
    /// The empty list, which a new seat approves: whoever wants to abstain signs it.
    uint32 internal constant EMPTY = 1;

    /// How many slates were ever etched; the newest one. Too many to be used up by mischief.
    uint32 public slates;
    mapping(bytes32 hash => uint32) private _slateOf;
    mapping(uint256 slate => bytes32) internal _hashOf;
    mapping(uint256 slate => address[]) private _spells;
    mapping(address spell => Weight) private _weights;

    constructor() {
        _etch(new address[](0));
    }

    /// @inheritdoc IChief
    function etch(address[] calldata spells) external returns (uint32) {
        return _etch(spells);
    }

    /// @inheritdoc IChief
    function approvals(address spell) public view returns (uint256) {
        return _weights[spell].total;
    }

    /// @inheritdoc IChief
    function settled(address spell) public view returns (uint256) {
        Weight memory w = _weights[spell];
        return w.at == block.timestamp ? w.least : w.total;
    }

    /// @inheritdoc IChief
    function spellsOf(uint32 slate) external view returns (address[] memory) {
        return _spells[slate];
    }

    /// @inheritdoc IChief
    function slateOf(address[] calldata spells) external view returns (uint32) {
        return _slateOf[_hash(spells)];
    }

    function _etch(address[] memory spells) internal returns (uint32 slate) {
        bytes32 hash = _hash(spells);
        slate = _slateOf[hash];
        if (slate != 0) return slate;
        if (spells.length > MAX_SPELLS) revert BadSlate();
        for (uint256 i = 1; i < spells.length; ++i) {
            if (spells[i - 1] >= spells[i]) revert BadSlate();
        }
        slate = ++slates;
        _slateOf[hash] = slate;
        _hashOf[slate] = hash;
        _spells[slate] = spells;
        emit Etched(slate, spells);
    }

    /// Adds to every spell of a slate, or takes away, in two's complement.
    function _move(uint256 slate, uint256 by) internal {
        address[] storage spells = _spells[slate];
        uint256 count = spells.length;
        for (uint256 i; i < count; ++i) _moveOne(_weights[spells[i]], by);
    }

    function _moveOne(Weight storage where, uint256 by) private {
        Weight memory w = where;
        if (w.at != block.timestamp) (w.least, w.at) = (w.total, uint48(block.timestamp));
        unchecked {
            // What is taken away was given before, and all that is locked has 96 bits.
            w.total = uint104(w.total + by);
        }
        if (w.total < w.least) w.least = w.total;
        (where.total, where.least, where.at) = (w.total, w.least, w.at);
    }

    /// As EIP-712 hashes `address[]`.
    function _hash(address[] memory spells) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(spells));
    }
}
