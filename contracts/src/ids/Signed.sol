// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IAutoIds} from "../interfaces/IAutoIds.sol";
import {Signatures} from "../lib/Signatures.sol";

/// Acts that a person signs and anyone may relay: EIP-712, one running nonce an address, a deadline.
abstract contract Signed is EIP712, Nonces {
    /// The selector of the error that speaks against the act, zero when it may happen.
    function _problem(
        address signer,
        bytes32 digest,
        uint256 nonce,
        uint256 deadline,
        bytes memory signature
    ) internal view returns (bytes4) {
        if (block.timestamp > deadline) return IAutoIds.SignatureExpired.selector;
        if (nonce != nonces(signer)) return IAutoIds.WrongNonce.selector;
        return _agrees(signer, digest, signature) ? bytes4(0) : IAutoIds.WrongSignature.selector;
    }

    function _agrees(address signer, bytes32 digest, bytes memory signature) internal view returns (bool) {
        if (signature.length == 0 && signer == msg.sender) return true;
        return Signatures.isSigner(signer, digest, signature);
    }

    function _authorise(
        address signer,
        bytes32 structHash,
        uint256 nonce,
        uint256 deadline,
        bytes memory signature
    ) internal returns (bytes32 digest) {
        digest = _hashTypedDataV4(structHash);
        _raise(_problem(signer, digest, nonce, deadline, signature));
        _useNonce(signer);
    }

    function _raise(bytes4 problem) internal pure {
        if (problem == 0) return;
        assembly ("memory-safe") {
            mstore(0, problem)
            revert(0, 4)
        }
    }
}
