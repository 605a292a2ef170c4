// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// The title of a proposal, as every client finds it too: the first line that says something, without the blanks
/// (bytes up to 0x20) and `#` in front and the blanks behind, at most 200 bytes, never cut inside a UTF-8 character.
library Titles {
    uint256 internal constant MAX_BYTES = 200;

    error NoTitle();

    function hashOf(string memory description) internal pure returns (bytes32 hash) {
        bytes memory text = bytes(description);
        uint256 from;
        uint256 to;
        unchecked {
            while (from < text.length && (_at(text, from) <= 0x20 || _at(text, from) == 0x23)) ++from;
            to = from;
            while (to < text.length && to - from < MAX_BYTES && _at(text, to) != 0x0a && _at(text, to) != 0x0d) ++to;
            if (to < text.length) {
                while (to > from && _at(text, to) & 0xc0 == 0x80) --to;
            }
            while (to > from && _at(text, to - 1) <= 0x20) --to;
        }
        if (to == from) revert NoTitle();
        assembly ("memory-safe") {
            hash := keccak256(add(add(text, 0x20), from), sub(to, from))
        }
    }

    function _at(bytes memory text, uint256 i) private pure returns (uint256 c) {
        assembly ("memory-safe") {
            c := byte(0, mload(add(add(text, 0x20), i)))
        }
    }
}
