// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Many calls to one contract in one transaction, each for itself: for governors that know no batches.
contract Multicall {
    /// What one call may use: several times what a relayed vote takes.
    uint256 public constant CALL_GAS = 400_000;
    /// What is kept of a result: a word, or the reason of a revert.
    uint256 public constant MAX_RESULT = 512;

    /// @notice The transaction has too little gas to give this call its share. Without this an estimate would find the
    /// least gas with which all calls fail.
    error NotEnoughGas(uint256 index);

    function tryAll(
        address target,
        bytes[] calldata calls
    ) external returns (bool[] memory ok, bytes[] memory results) {
        ok = new bool[](calls.length);
        results = new bytes[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            bytes memory data = calls[i];
            // A 64th stays behind at every call; the rest is for keeping the result.
            if (gasleft() < CALL_GAS + CALL_GAS / 32 + 10_000) revert NotEnoughGas(i);
            (ok[i], results[i]) = _try(target, data);
        }
    }

    function _try(address target, bytes memory data) private returns (bool ok, bytes memory result) {
        uint256 cap = CALL_GAS;
        uint256 most = MAX_RESULT;
        assembly ("memory-safe") {
            ok := call(cap, target, 0, add(data, 0x20), mload(data), 0, 0)
            let size := returndatasize()
            if gt(size, most) {
                size := most
            }
            result := mload(0x40)
            mstore(result, size)
            returndatacopy(add(result, 0x20), 0, size)
            mstore(0x40, add(add(result, 0x20), and(add(size, 0x1f), not(0x1f))))
        }
    }
}
