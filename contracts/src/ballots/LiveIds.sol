// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {Batch} from "./Batch.sol";

/// Whether the account in a seat still speaks for its Auto ID. An id that never changed costs one bit of a word that is
/// read once a batch; the others are asked for one by one.
abstract contract LiveIds {
    /// Words kept at a time: enough for the ids of a batch, which are near each other or few.
    uint256 private constant WORDS = 16;

    IAutoIds internal immutable AUTO_IDS;

    error NotAutoIds();

    constructor(address registry) {
        if (registry.code.length == 0) revert NotAutoIds();
        AUTO_IDS = IAutoIds(registry);
    }

    function autoIds() public view returns (address) {
        return address(AUTO_IDS);
    }

    function _noneLive() internal pure returns (uint256[] memory) {
        return new uint256[](WORDS * 2);
    }

    function _isLive(Batch memory b, uint256 autoId, address account) internal view returns (bool) {
        uint256[] memory live = b.live;
        uint256 at;
        uint256 key;
        uint256 word;
        unchecked {
            key = (autoId >> 8) + 1;
        }
        bool isKnown;
        assembly ("memory-safe") {
            at := add(add(live, 0x20), shl(6, and(key, sub(WORDS, 1))))
            isKnown := eq(mload(at), key)
            word := mload(add(at, 0x20))
        }
        if (!isKnown) {
            word = AUTO_IDS.changed(autoId >> 8);
            assembly ("memory-safe") {
                mstore(at, key)
                mstore(add(at, 0x20), word)
            }
        }
        return (word >> (autoId & 0xff)) & 1 == 0 || AUTO_IDS.isController(autoId, account);
    }
}
