// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// Signatures of people and of smart accounts, where neither may harm the caller.
library Signatures {
    /// More than any wallet in use needs for a few owners, little enough to be burnt in vain.
    uint256 internal constant WALLET_GAS = 150_000;

    function isSigner(address signer, bytes32 digest, bytes memory signature) internal view returns (bool) {
        if (signer == address(0)) return false;
        // ECDSA comes first, because an EOA may carry code too (EIP-7702).
        if (_recover(digest, signature) == signer) return true;
        return signer.code.length != 0 && _walletSays(signer, digest, signature);
    }

    function _recover(bytes32 digest, bytes memory signature) private pure returns (address signer) {
        ECDSA.RecoverError problem;
        if (signature.length == 64) {
            bytes32 r;
            bytes32 vs;
            assembly ("memory-safe") {
                r := mload(add(signature, 0x20))
                vs := mload(add(signature, 0x40))
            }
            (signer, problem, ) = ECDSA.tryRecover(digest, r, vs);
        } else {
            (signer, problem, ) = ECDSA.tryRecover(digest, signature);
        }
        if (problem != ECDSA.RecoverError.NoError) return address(0);
    }

    /// Capped gas, one word of return data: a wallet can neither burn the caller's gas nor fill its memory.
    function _walletSays(address wallet, bytes32 digest, bytes memory signature) private view returns (bool ok) {
        bytes memory data = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes32 magic = bytes32(IERC1271.isValidSignature.selector);
        uint256 cap = WALLET_GAS;
        assembly ("memory-safe") {
            mstore(0, 0)
            ok := staticcall(cap, wallet, add(data, 0x20), mload(data), 0, 0x20)
            // Yul evaluates arguments from right to left: compare only after the call.
            ok := and(and(ok, gt(returndatasize(), 0x1f)), eq(mload(0), magic))
        }
    }
}
