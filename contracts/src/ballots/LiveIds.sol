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

    function _isLive(Batch memory b, uint256 autoId, address account) internal view returns (bool) {
        if ((_changedWord(b, autoId >> 8) >> (autoId & 0xff)) & 1 == 0) return true;
        return AUTO_IDS.isController(autoId, account);
    }

    function _changedWord(Batch memory b, uint256 index) private view returns (uint256 word) {
        uint256[] memory known = b.liveWords;
        if (known.length == 0) {
            known = new uint256[](WORDS * 2);
            b.liveWords = known;
        }
        uint256 at;
        uint256 key;
        assembly ("memory-safe") {
            at := add(add(known, 0x20), shl(6, and(index, sub(WORDS, 1))))
            key := mload(at)
            word := mload(add(at, 0x20))
        }
        unchecked {
            if (key == index + 1) return word;
            word = AUTO_IDS.changed(index);
            assembly ("memory-safe") {
                mstore(at, add(index, 1))
                mstore(add(at, 0x20), word)
            }
        }
    }
}
